package wire

import _ "embed"

// OpenAPI is the contract in OpenAPI 3.1, as the server serves it.
//
//go:embed openapi.yaml
var OpenAPI []byte

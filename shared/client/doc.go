// Package client speaks the wire for kiosks, boards and tools: commands over HTTP
// with an idempotency key, views over one WebSocket that reconnects with jitter
// and keeps the newest view of each topic.
//
// An answer that says no comes back as a *reason.Refusal, so errors.Is works across
// the network; no answer at all is ErrOffline; the rest is a fault of the server.
package client

package api

import (
	"bytes"
	"encoding/json"
	"testing"

	"antrean/shared/reason"
	"antrean/shared/wire"
)

// FuzzDecode holds decode to its promise: a refusal, or exactly what encoding/json
// reads, from one object without a field twice.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"id":"0198c0de-0000-7000-8000-000000000001","service":"ktp"}`, `{"id":null}`, `[]`, `{"a":{"a":{}}}`,
		`{"service":"\\\"{[","class":""}`, `{"service":"a","service":"b"}`, "{\"service\":\"\xff\"}", `{"SERVICE":"x"}`, `{} {}`, ` {}`, `"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want wire.TakeTicket
		if err := decode(body, &got); err != nil {
			if _, ok := reason.Of(err); !ok {
				t.Errorf("%q: a fault: %v", body, err)
			}
			return
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		if err := d.Decode(&want); err != nil || want != got {
			t.Errorf("%q: %+v, encoding/json says %+v, %v", body, got, want, err)
		}
	})
}

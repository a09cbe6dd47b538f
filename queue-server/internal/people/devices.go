package people

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"antrean/queue-server/internal/table"
	"antrean/shared/ticket"
)

// Kinds of device.
const (
	Kiosk = "kiosk"
	Board = "board"
)

// Kinds are all kinds of device.
var Kinds = []string{Kiosk, Board}

// Device is a paired kiosk or board.
type Device struct {
	ID      ticket.DeviceID `json:"id"`
	Office  ticket.OfficeID `json:"office"`
	Kind    string          `json:"kind"`
	Name    string          `json:"name"`           // where it stands, for people who set up
	Zone    ticket.ZoneID   `json:"zone,omitempty"` // empty: the whole hall
	Revoked bool            `json:"revoked,omitempty"`
	Created time.Time       `json:"created"`
}

// AddDevice makes a device and its token, which is shown once and kept only as a
// hash. Whether office and zone exist is for the caller to know.
func (p *People) AddDevice(office ticket.OfficeID, kind, name string, zone ticket.ZoneID) (Device, string, error) {
	if !slices.Contains(Kinds, kind) {
		return Device{}, "", ErrUnknownKind.With("kind", kind)
	}
	if !goodName(name) {
		return Device{}, "", ErrBadName
	}
	token := rand.Text() + rand.Text() // 256 bits and more, letters and digits without 0, 1, 8 and 9
	d := Device{
		ID: ticket.DeviceID(kind + "-" + oneTime()), Office: office, Kind: kind, Name: name, Zone: zone, Created: p.now().UTC(),
	}
	err := p.t.Update(func(x *table.Tx) error {
		if err := x.Put(bucketTokens, digest(token), []byte(d.ID)); err != nil {
			return err
		}
		return x.PutJSON(bucketDevices, string(d.ID), d)
	})
	if err != nil {
		return Device{}, "", fault("add device", err)
	}
	return d, token, nil
}

// DeviceByToken finds the device that a token belongs to.
func (p *People) DeviceByToken(token string) (d Device, err error) {
	if token == "" {
		return Device{}, ErrNoDevice
	}
	err = p.t.View(func(x *table.Tx) error {
		id := x.Get(bucketTokens, digest(token))
		if id == nil {
			return ErrNoDevice
		}
		ok, err := x.GetJSON(bucketDevices, string(id), &d)
		if err == nil && (!ok || d.Revoked) {
			err = ErrNoDevice
		}
		return err
	})
	if err != nil {
		return Device{}, fault("find device", err)
	}
	return d, nil
}

// Devices lists an office's devices, or all of them for the empty office, by the
// time they were made; revoked ones too.
func (p *People) Devices(office ticket.OfficeID) ([]Device, error) {
	var all []Device
	err := p.t.ForEach(bucketDevices, "", func(key string, v []byte) error {
		var d Device
		if err := json.Unmarshal(v, &d); err != nil {
			return fmt.Errorf("device %s: %w", key, err)
		}
		if office == "" || d.Office == office {
			all = append(all, d)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b Device) int {
		return cmp.Or(cmp.Compare(a.Office, b.Office), a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// RevokeDevice ends a device's token, for ever. Doing it again changes nothing.
func (p *People) RevokeDevice(id ticket.DeviceID) error {
	changed := false
	err := p.t.Update(func(x *table.Tx) error {
		var d Device
		ok, err := x.GetJSON(bucketDevices, string(id), &d)
		if err != nil {
			return err
		}
		if !ok {
			return ErrNoSuchDevice
		}
		changed = !d.Revoked
		if !changed {
			return nil
		}
		d.Revoked = true
		return x.PutJSON(bucketDevices, string(id), d)
	})
	if err != nil {
		return fault("revoke device", err)
	}
	if changed {
		p.revoke(Revoked{Device: id})
	}
	return nil
}

// Device finds a device by its id, revoked ones too.
func (p *People) Device(id ticket.DeviceID) (d Device, err error) {
	err = p.t.View(func(x *table.Tx) error {
		ok, err := x.GetJSON(bucketDevices, string(id), &d)
		if err == nil && !ok {
			err = ErrNoSuchDevice
		}
		return err
	})
	if err != nil {
		return Device{}, fault("find device", err)
	}
	return d, nil
}

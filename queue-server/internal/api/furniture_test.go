package api

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/table"
	"antrean/shared/ticket"
)

// furniture is what every hall begins with: records with devices and an
// administrator who is logged in. It is made once, since hashing passwords is slow
// on purpose.
type furniture struct {
	records                    []byte // a records.db
	kiosk, board, other, admin string
}

const password = "kata sandi yang panjang"

var furnished = sync.OnceValues(func() (f furniture, err error) {
	dir, err := os.MkdirTemp("", "antrean-api-")
	if err != nil {
		return f, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "records.db")
	if err := furnish(path, &f); err != nil {
		return f, err
	}
	f.records, err = os.ReadFile(path)
	return f, err
})

func furnish(path string, f *furniture) error {
	tab, err := table.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = tab.Close() }()
	p, err := people.Open(tab, func() time.Time { return morning })
	if err != nil {
		return err
	}
	for _, d := range []struct {
		token  *string
		office ticket.OfficeID
		kind   string
	}{{&f.kiosk, here, people.Kiosk}, {&f.board, here, people.Board}, {&f.other, there, people.Kiosk}} {
		_, token, err := p.AddDevice(d.office, d.kind, d.kind+" pintu masuk", "")
		if err != nil {
			return err
		}
		*d.token = "Bearer " + token
	}
	f.admin, err = login(p, "admin", people.Admin)
	return err
}

func login(p *people.People, user, role string, offices ...ticket.OfficeID) (cookie string, err error) {
	once, err := p.AddUser(user, user, role, offices)
	if err != nil {
		return "", err
	}
	_, secret, err := p.Login(context.Background(), user, once, "127.0.0.1")
	if err != nil {
		return "", err
	}
	return "antrean=" + secret, p.SetPassword(context.Background(), secret, once, password)
}

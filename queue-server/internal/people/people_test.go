package people

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"antrean/queue-server/internal/table"
	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// register is a register on disk with a clock of its own.
type register struct {
	*People
	t    *testing.T
	path string
	tab  *table.Table
	at   time.Time
	mu   sync.Mutex
}

func newRegister(t *testing.T) *register {
	t.Helper()
	r := &register{t: t, path: filepath.Join(t.TempDir(), "records.db"), at: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	r.start()
	t.Cleanup(func() { _ = r.tab.Close() })
	return r
}

func (r *register) start() {
	r.t.Helper()
	var err error
	if r.tab, err = table.Open(r.path); err != nil {
		r.t.Fatal(err)
	}
	if r.People, err = Open(r.tab, r.now); err != nil {
		r.t.Fatal(err)
	}
}

func (r *register) restart() {
	r.t.Helper()
	if err := r.tab.Close(); err != nil {
		r.t.Fatal(err)
	}
	r.start()
}

func (r *register) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

func (r *register) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = r.at.Add(d)
}

// user adds one with a password of its own.
func (r *register) user(name, role, password string) {
	r.t.Helper()
	first := must(r.AddUser(name, "Nama "+name, role, nil))(r.t)
	_, secret := r.login(name, first)
	if err := r.SetPassword(r.t.Context(), secret, first, password); err != nil {
		r.t.Fatal(err)
	}
	if err := r.Logout(secret); err != nil {
		r.t.Fatal(err)
	}
}

func (r *register) login(user, password string) (Session, string) {
	r.t.Helper()
	s, secret, err := r.Login(r.t.Context(), user, password, "10.0.0.7:1234")
	if err != nil {
		r.t.Fatalf("log in %s: %v", user, err)
	}
	return s, secret
}

func must[V any](v V, err error) func(*testing.T) V {
	return func(t *testing.T) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func refused(t *testing.T, err error, want *reason.Refusal) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("want %v, got %v", want, err)
	}
}

func TestTheFirstLogInMustChangeTheOneTimePassword(t *testing.T) {
	r := newRegister(t)
	first, err := r.AddUser(" Rahma ", "Rahma", Supervisor, []ticket.OfficeID{"sinjai"})
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != 14 || strings.ContainsAny(first, "0O1lIi") {
		t.Errorf("one-time password %q cannot be read out safely", first)
	}
	s, secret := r.login("RAHMA", first)
	if !s.MustChange || s.Role != Supervisor || s.User != "rahma" || !slices.Equal(s.Offices, []ticket.OfficeID{"sinjai"}) {
		t.Errorf("session %+v", s)
	}
	for want, password := range map[*reason.Refusal]string{
		ErrShortPassword: "123456789", ErrLongPassword: strings.Repeat("x", 201), ErrSamePassword: first,
	} {
		refused(t, r.SetPassword(t.Context(), secret, first, password), want)
	}
	refused(t, r.SetPassword(t.Context(), secret, "not-the-old-one", "sebelas huruf"), ErrWrongPassword)
	if err := r.SetPassword(t.Context(), secret, first, "sebelas huruf"); err != nil {
		t.Fatal(err)
	}
	if s, err := r.Session(secret); err != nil || s.MustChange {
		t.Errorf("after the change: %+v, %v", s, err)
	}
	_, _, err = r.Login(t.Context(), "rahma", first, "10.0.0.8:1")
	refused(t, err, ErrWrongLogin)
	r.login("rahma", "sebelas huruf")
}

func TestANewPasswordEndsTheOtherSessionsOfTheAccountOnly(t *testing.T) {
	r := newRegister(t)
	r.user("siti", Officer, "kata sandi siti")
	r.user("budi", Officer, "kata sandi budi")
	_, old := r.login("siti", "kata sandi siti")
	_, mine := r.login("siti", "kata sandi siti")
	_, budis := r.login("budi", "kata sandi budi")
	var ended []Revoked
	defer r.OnRevoke(func(e Revoked) { ended = append(ended, e) })()
	was, _ := r.Session(old)
	if err := r.SetPassword(t.Context(), mine, "kata sandi siti", "kata sandi baru"); err != nil {
		t.Fatal(err)
	}
	_, err := r.Session(old)
	refused(t, err, ErrNoSession)
	if _, err := r.Session(mine); err != nil {
		t.Errorf("the session that changed it ended too: %v", err)
	}
	if _, err := r.Session(budis); err != nil {
		t.Errorf("another account's session ended: %v", err)
	}
	if len(ended) != 1 || ended[0].Session != was.ID {
		t.Errorf("told %+v, want the session %s", ended, was.ID)
	}
}

func TestASessionEndsAfterTwelveHoursAndAtLogOut(t *testing.T) {
	r := newRegister(t)
	r.user("siti", Officer, "kata sandi siti")
	s, secret := r.login("siti", "kata sandi siti")
	if s.Expires.Sub(r.now()) != 12*time.Hour {
		t.Errorf("expires %v", s.Expires)
	}
	r.wait(12*time.Hour - time.Second)
	if _, err := r.Session(secret); err != nil {
		t.Fatalf("a second before its end: %v", err)
	}
	r.wait(time.Second)
	_, err := r.Session(secret)
	refused(t, err, ErrNoSession)

	_, secret = r.login("siti", "kata sandi siti")
	told := 0
	defer r.OnRevoke(func(Revoked) { told++ })()
	for range 2 { // the second one finds nothing
		if err := r.Logout(secret); err != nil {
			t.Fatal(err)
		}
	}
	_, err = r.Session(secret)
	refused(t, err, ErrNoSession)
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	// The one that ran out is swept at the next log-in.
	r.login("siti", "kata sandi siti")
	kept := 0
	if err := r.tab.ForEach(bucketSessions, "", func(string, []byte) error { kept++; return nil }); err != nil || kept != 1 {
		t.Errorf("%d sessions kept, %v", kept, err)
	}
}

func TestEverythingSurvivesARestartAndNoSecretIsOnTheDisk(t *testing.T) {
	r := newRegister(t)
	first := must(r.AddUser("admin", "Administrator", Admin, nil))(t)
	_, secret := r.login("admin", first)
	if err := r.SetPassword(t.Context(), secret, first, "rahasia sekali"); err != nil {
		t.Fatal(err)
	}
	d, token, err := r.AddDevice("sinjai", Kiosk, "Pintu utama", "a")
	if err != nil {
		t.Fatal(err)
	}
	r.restart()
	if s, err := r.Session(secret); err != nil || s.User != "admin" {
		t.Errorf("session: %+v, %v", s, err)
	}
	if got, err := r.DeviceByToken(token); err != nil || got != d {
		t.Errorf("device: %+v, %v; want %+v", got, err, d)
	}
	r.login("admin", "rahasia sekali")
	disk, err := os.ReadFile(r.path)
	if err != nil {
		t.Fatal(err)
	}
	for what, s := range map[string]string{"one-time password": first, "password": "rahasia sekali", "session": secret, "token": token} {
		if strings.Contains(string(disk), s) {
			t.Errorf("the %s stands on the disk in clear", what)
		}
	}
}

func TestARevokedDeviceIsAGuestNoMore(t *testing.T) {
	r := newRegister(t)
	d, token, err := r.AddDevice("sinjai", Board, "TV zona A", "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.AddDevice("bengkulu-tengah", Kiosk, "Anjungan 1", ""); err != nil {
		t.Fatal(err)
	}
	var told []Revoked
	defer r.OnRevoke(func(e Revoked) { told = append(told, e) })()
	for range 2 {
		if err := r.RevokeDevice(d.ID); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(told, []Revoked{{Device: d.ID}}) {
		t.Errorf("told %+v", told)
	}
	for _, bad := range []string{token, "", "x", strings.Repeat("A", 10_000)} {
		_, err = r.DeviceByToken(bad)
		refused(t, err, ErrNoDevice)
	}
	refused(t, r.RevokeDevice("kiosk-nowhere"), ErrNoSuchDevice)
	if all, _ := r.Devices("sinjai"); len(all) != 1 || !all[0].Revoked {
		t.Errorf("devices of sinjai: %+v", all)
	}
	if all, _ := r.Devices(""); len(all) != 2 {
		t.Errorf("all devices: %+v", all)
	}
	_, _, err = r.AddDevice("sinjai", "toaster", "x", "")
	refused(t, err, ErrUnknownKind)
	_, _, err = r.AddDevice("sinjai", Kiosk, "a\x00b", "")
	refused(t, err, ErrBadName)
}

func TestFiveWrongTriesMakeOneWaitAndNobodyElse(t *testing.T) {
	r := newRegister(t)
	r.user("siti", Officer, "kata sandi siti")
	r.user("budi", Officer, "kata sandi budi")
	try := func(user, password, remote string) error {
		_, _, err := r.Login(t.Context(), user, password, remote)
		return err
	}
	for range pairTries {
		refused(t, try("siti", "salah salah salah", "10.0.0.9:1"), ErrWrongLogin)
	}
	err := try("siti", "kata sandi siti", "10.0.0.9:99")
	refused(t, err, ErrTooManyTries)
	if refusal, ok := reason.Of(err); !ok || refusal.Args["seconds"] != "30" {
		t.Errorf("it does not say how long: %+v", refusal)
	}
	if err := try("budi", "kata sandi budi", "10.0.0.9:1"); err != nil {
		t.Errorf("a colleague behind the same address: %v", err)
	}
	if err := try("siti", "kata sandi siti", "10.0.0.10:1"); err != nil {
		t.Errorf("the same user elsewhere: %v", err)
	}
	r.wait(pairEvery)
	if err := try("siti", "kata sandi siti", "10.0.0.9:1"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	// A right log-in has cleared the count, and right ones never count.
	for i := range 3 * addressTries {
		r.limits.succeeded("siti", "10.0.0.9:1")
		if err := r.limits.try("siti", "10.0.0.9:1"); err != nil {
			t.Fatalf("right log-in %d: %v", i, err)
		}
	}
}

func TestAnAddressThatTriesManyNamesIsSlowedToo(t *testing.T) {
	l := newLimits(func() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) })
	allowed := 0
	for i := range 1000 {
		// One household's IPv6 addresses count as one.
		if l.try(fmt.Sprintf("user%d", i), fmt.Sprintf("[2001:db8:0:1::%x]:443", i)) == nil {
			allowed++
		}
	}
	if allowed != addressTries {
		t.Errorf("%d tries allowed, want %d", allowed, addressTries)
	}
	for i := range 3 * maxLimits {
		_ = l.try("siti", fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255))
	}
	if len(l.all) > maxLimits+3 {
		t.Errorf("%d counters are kept", len(l.all))
	}
}

func TestAnUnknownUserReadsAndCostsLikeAWrongPassword(t *testing.T) {
	r := newRegister(t)
	r.user("siti", Officer, "kata sandi siti")
	took := func(user string) time.Duration {
		least := time.Hour
		for range 3 {
			start := time.Now()
			_, _, err := r.Login(t.Context(), user, "salah salah salah", "10.0.0.11:1")
			least = min(least, time.Since(start))
			refused(t, err, ErrWrongLogin)
		}
		return least
	}
	known := took("siti")
	for _, user := range []string{"nobody", "'; drop", strings.Repeat("x", 10_000), "\x00", ""} {
		r.limits.forget(nobody)
		r.limits.all = map[limitKey]*rate.Limiter{}
		if d := took(user); d < known/4 {
			t.Errorf("%.20q takes %v, a known user %v: it can be told apart", user, d, known)
		}
	}
}

func TestADisabledAccountIsToldSoOnlyWithTheRightPassword(t *testing.T) {
	r := newRegister(t)
	r.user("admin", Admin, "kata sandi admin")
	r.user("siti", Officer, "kata sandi siti")
	_, secret := r.login("siti", "kata sandi siti")
	refused(t, r.DisableUser("admin"), ErrLastAdmin)
	refused(t, r.DisableUser("nobody"), ErrNoUser)
	told := 0
	defer r.OnRevoke(func(Revoked) { told++ })()
	for range 2 {
		if err := r.DisableUser("siti"); err != nil {
			t.Fatal(err)
		}
	}
	if told != 1 {
		t.Errorf("told %d times of one ended session", told)
	}
	_, err := r.Session(secret)
	refused(t, err, ErrNoSession)
	_, _, err = r.Login(t.Context(), "siti", "kata sandi siti", "1.2.3.4:5")
	refused(t, err, ErrAccountDisabled)
	_, _, err = r.Login(t.Context(), "siti", "salah salah salah", "1.2.3.4:5")
	refused(t, err, ErrWrongLogin)
	_, err = r.ResetPassword("siti")
	refused(t, err, ErrAccountDisabled)
	again := must(r.EnableUser("siti"))(t)
	if s, _ := r.login("siti", again); !s.MustChange {
		t.Error("an account enabled again keeps its old password's standing")
	}
}

func TestAResetPasswordEndsEverySessionAndForgivesTheTries(t *testing.T) {
	r := newRegister(t)
	r.user("siti", Officer, "kata sandi siti")
	_, secret := r.login("siti", "kata sandi siti")
	for range pairTries {
		_, _, err := r.Login(t.Context(), "siti", "salah salah salah", "10.0.0.7:1")
		refused(t, err, ErrWrongLogin)
	}
	one := must(r.ResetPassword("Siti"))(t)
	_, err := r.Session(secret)
	refused(t, err, ErrNoSession)
	r.login("siti", one)
}

func TestAccountsAreMadeOnceAndSensibly(t *testing.T) {
	r := newRegister(t)
	must(r.AddUser("siti", "Siti", Officer, nil))(t)
	for _, c := range []struct {
		user, name, role string
		want             *reason.Refusal
	}{
		{"SITI", "Siti", Officer, ErrUserExists},
		{"s", "S", Officer, ErrBadUser},
		{"siti nur", "S", Officer, ErrBadUser},
		{"sit\u202ei", "S", Officer, ErrBadUser},
		{"budi", "", Officer, ErrBadName},
		{"budi", strings.Repeat("x", 10_000), Officer, ErrBadName},
		{"budi", "Budi", "king", ErrUnknownRole},
	} {
		_, err := r.AddUser(c.user, c.name, c.role, nil)
		refused(t, err, c.want)
	}
	if all, err := r.Users(); err != nil || len(all) != 1 {
		t.Errorf("users: %+v, %v", all, err)
	}
}

func TestALogInThatWaitsForAHashEndsWithItsContext(t *testing.T) {
	r := newRegister(t)
	for range hashers {
		r.hasher <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := r.Login(ctx, "siti", "kata sandi siti", "10.0.0.7:1"); !errors.Is(err, context.Canceled) {
		t.Errorf("want the context's end, got %v", err)
	}
}

func TestManyLogInsAtOnceAllEndWell(t *testing.T) {
	r := newRegister(t)
	r.user("siti", Officer, "kata sandi siti")
	var wait sync.WaitGroup
	secrets := make([]string, 6)
	for i := range secrets {
		wait.Go(func() {
			_, secrets[i], _ = r.Login(t.Context(), "siti", "kata sandi siti", fmt.Sprintf("10.0.1.%d:1", i))
		})
	}
	wait.Wait()
	slices.Sort(secrets)
	if len(slices.Compact(secrets)) != 6 || secrets[0] == "" {
		t.Errorf("secrets %q", secrets)
	}
}

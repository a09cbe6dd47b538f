package story

import (
	"testing"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

func TestAVisitIsToldFromThePaperToTheEnd(t *testing.T) {
	h := newHall(t)
	h.take("akta", ticket.Regular)
	h.pass(2 * time.Minute)
	a := h.take("ktp", ticket.Regular)
	h.as(kiosk).must(queue.ReportPrint{ID: a.ID, State: "failed", Detail: "paper_end"})
	h.pass(3 * time.Minute)
	h.take("kk", ticket.Regular)
	h.pass(12 * time.Minute)
	call := h.as(officer).call("1")
	h.must(queue.Recall{AtCounter: at("1")})
	h.as(board).must(queue.ReportSpoken{Announcements: []uint64{h.st.Seq()}})
	_ = call
	h.pass(time.Minute)
	h.as(officer).must(queue.Start{AtCounter: at("1")})
	h.pass(65 * time.Minute)
	h.must(queue.Finish{AtCounter: at("1"), Outcome: "complete"})

	want(
		t, h.story(t, "A-001", "", "en"),
		"09:02 A-001 was given out by a kiosk for Identity card, class regular. Nobody was ahead of it.",
		"09:02 Its paper was not printed. Detail: the paper was used up.",
		"09:17 Called to counter 1 by an officer. | Counter 1 calls whoever has waited longest among the first of its services. In the line for Identity card it came first. Chosen among 2 numbers: A-001 (Identity card, had waited 15 minutes); A-002 (Family card, had waited 12 minutes).",
		"09:17 Called again to counter 1 by an officer.",
		"09:17 Its call was announced by a board.",
		"09:18 The service at counter 1 was begun by an officer.",
		"10:23 The service at counter 1 was finished by an officer. Outcome: All done. It took 1 hour 5 minutes.",
	)
}

func TestWhoComesLateIsParkedTransferredAndTakenBack(t *testing.T) {
	h := newHall(t)
	h.take("ktp", ticket.Regular)
	h.take("ktp", ticket.Regular)
	h.pass(10 * time.Minute)
	first := h.call("1").Answer.Ticket
	id := h.st.Ticket(first).ID
	h.must(queue.Miss{AtCounter: at("1")})
	h.pass(5 * time.Second)
	h.must(queue.Undo{Counter: "c1", Session: "s1"})
	h.must(queue.Miss{AtCounter: at("1")})
	h.pass(10 * time.Minute)
	h.must(queue.GiveBack{ID: id})
	h.pass(time.Minute)
	h.must(queue.CallChosen{Counter: "c3", Session: "s3", Ticket: id})
	h.must(queue.Start{AtCounter: at("3")})
	h.must(queue.Park{AtCounter: at("3"), Reason: "photocopy"})
	h.pass(time.Minute)
	h.must(queue.Unpark{ID: id, Counter: "c3"})
	h.must(queue.ChangeClass{ID: id, Class: ticket.Priority})
	h.must(queue.CallChosen{Counter: "c3", Session: "s3", Ticket: id})
	h.must(queue.Transfer{AtCounter: at("3"), Service: "kk", To: "c1"})
	h.pass(time.Minute)
	h.must(queue.Cancel{ID: h.st.Ticket(h.call("1").Answer.Ticket).ID, Counter: "c1", Session: "s1"})
	h.call("1")
	h.must(queue.OpenCounter{Counter: "c1", Session: "s9", TakeOver: true})
	h.must(queue.Start{AtCounter: queue.AtCounter{Counter: "c1", Session: "s9"}})
	h.must(queue.AddService{AtCounter: queue.AtCounter{Counter: "c1", Session: "s9"}, Service: "akta"})
	h.must(queue.Finish{AtCounter: queue.AtCounter{Counter: "c1", Session: "s9"}})
	h.as(system).must(queue.CloseDay{})

	want(
		t, h.story(t, "a-001", "2026-11-23", "id"),
		"09:00 A-001 diberikan oleh kios untuk KTP, golongan reguler. Tidak ada orang di depannya.",
		"09:10 Dipanggil ke loket 1 oleh petugas. | Loket 1 memanggil yang paling lama menunggu di antara yang terdepan dari layanannya. Dalam antrean KTP ia yang pertama datang. Hanya ia yang dapat dipilih. Sudah menunggu 10 menit.",
		"09:10 Tidak ada yang datang ke loket 1: dicatat tidak hadir oleh petugas.",
		"09:10 Catatan tidak hadir dibatalkan oleh petugas di loket 1. Keadaannya kembali: dipanggil.",
		"09:10 Tidak ada yang datang ke loket 1: dicatat tidak hadir oleh petugas.",
		"09:20 Dikembalikan ke antrean oleh petugas. 1 orang di depannya.",
		"09:21 Dipanggil ke loket 3 oleh petugas. | Nomor ini dipilih langsung di loket 3, di luar giliran. 1 orang di depannya. Sudah menunggu 1 menit.",
		"09:21 Pelayanan di loket 3 dimulai oleh petugas.",
		"09:21 Ditunda oleh petugas di loket 3: Fotokopi.",
		"09:22 Kembali ke antrean setelah ditunda, oleh petugas di loket 3. 1 orang di depannya.",
		"09:22 Golongan diubah dari reguler ke prioritas oleh petugas.",
		"09:22 Dipanggil ke loket 3 oleh petugas. | Nomor ini dipilih langsung di loket 3, di luar giliran. 1 orang di depannya. Sudah menunggu 2 menit.",
		"09:22 Dipindahkan ke loket 1 untuk Kartu keluarga oleh petugas di loket 3. Tidak ada orang di depannya.",
		"09:23 Dipanggil ke loket 1 oleh petugas. | Loket 1 memanggil yang paling lama menunggu di antara yang terdepan dari layanannya. Ia memang dikirim ke loket ini. Hanya ia yang dapat dipilih. Sudah menunggu 1 menit.",
		"09:23 Loket 1 diambil alih sesi lain saat nomor ini di sana, oleh petugas.",
		"09:23 Pelayanan di loket 1 dimulai oleh petugas.",
		"09:23 Akta ditambahkan ke kunjungan ini oleh petugas di loket 1.",
		"09:23 Pelayanan di loket 1 diselesaikan oleh petugas. Lamanya kurang dari 1 menit. Kunjungan berlanjut ke Akta. Tidak ada orang di depannya.",
		"09:23 Hari layanan berakhir sebelum semua layanannya selesai: nomor ini berakhir.",
	)
}

func TestEachRuleIsToldInItsOwnWords(t *testing.T) {
	h := newHall(t)
	why := func(counter string) string {
		t.Helper()
		number := h.st.Ticket(h.call(counter).Answer.Ticket).Number.Text
		h.must(queue.Miss{AtCounter: at(counter)})
		told, err := h.teller().Tell(t.Context(), "uji", number, "", "en")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range told.Sentences {
			if line.Why != "" {
				return number + ": " + line.Why
			}
		}
		t.Fatalf("%s was not called", number)
		return ""
	}
	h.take("ktp", ticket.Regular)
	h.take("kk", ticket.Regular)
	h.take("kk", ticket.Regular)
	h.pass(time.Minute)
	h.take("kk", ticket.Priority)
	h.take("kk", ticket.Regular)
	h.take("akta", ticket.Regular) // B-001
	h.take("kk", ticket.Regular)
	for _, right := range []struct{ counter, want string }{
		{"2", "A-004: Counter 2 calls in the order of its services, and Family card was the first of them with anybody waiting. In the line for Family card it was the turn of the class priority (each round: 1 priority, 2 regular). Chosen among 2 numbers: A-004 (Family card, had waited less than a minute); B-001 (Birth certificate, had waited less than a minute)."},
		{"2", "A-002: Counter 2 calls in the order of its services, and Family card was the first of them with anybody waiting. In the line for Family card it was the turn of the class regular (each round: 1 priority, 2 regular). Chosen among 2 numbers: A-002 (Family card, had waited 1 minute); B-001 (Birth certificate, had waited less than a minute)."},
		{"2", "B-001: Counter 2 prefers other lines, but had passed this one over 2 times, as often as is allowed. In the line for Birth certificate it came first. Chosen among 2 numbers: B-001 (Birth certificate, had waited less than a minute); A-003 (Family card, had waited 1 minute)."},
		{"3", "A-001: Nobody waited for the services of counter 3 itself, so it helped with Identity card. In the line for Identity card it came first. It was the only one to choose from. It had waited 1 minute."},
	} {
		if got := why(right.counter); got != right.want {
			t.Errorf("\n got %s\nwant %s", got, right.want)
		}
	}
}

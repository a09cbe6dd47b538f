package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"antrean/queue-server/internal/officefile"
	"antrean/queue-server/internal/server"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

type officeCommand struct {
	Import officeImport `cmd:"" help:"Make an office, or change its settings, from a file."`
	Export officeExport `cmd:"" help:"Write an office's settings to a file."`
	Check  officeCheck  `cmd:"" help:"Check an office's file, or with --data the logs, from the first record to the last."`
}

type officeImport struct {
	folder
	File string `arg:"" help:"The office's settings (TOML); - reads the standard input."`
}

func (c officeImport) Run(ctx context.Context, t terminal) error {
	data, err := readFile(t, c.File)
	if err != nil {
		return err
	}
	var done server.Imported
	if err := c.ask(ctx, t, "office-import", server.OfficeFile{Name: c.File, Data: data}, &done); err != nil {
		return err
	}
	key := "office_changed"
	if done.New {
		key = "office_made"
	}
	t.say(key, i18n.Args{
		"Office": done.Office, "Agencies": done.Agencies, "Services": done.Services, "Sequences": done.Sequences, "Counters": done.Counters,
	})
	return nil
}

type officeExport struct {
	folder
	Office string `placeholder:"ID" help:"Which office; may be left out where there is one."`
	File   string `arg:"" optional:"" default:"-" help:"Where to; - is the standard output."`
}

func (c officeExport) Run(ctx context.Context, t terminal) error {
	var file server.OfficeFile
	if err := c.ask(ctx, t, "office-export", server.OfficeName{Office: ticket.OfficeID(c.Office)}, &file); err != nil {
		return err
	}
	if c.File == "-" {
		_, err := t.out.Write(file.Data)
		return err
	}
	return os.WriteFile(c.File, file.Data, 0o644) //nolint:gosec // settings hold no secret and no person
}

type officeCheck struct {
	Data   string `placeholder:"DIR" help:"The data folder: its logs are checked."`
	Office string `placeholder:"ID" help:"Which office's log; all where left out."`
	File   string `arg:"" optional:"" help:"An office's settings (TOML) to be checked, without changing anything."`
}

func (c officeCheck) Run(ctx context.Context, t terminal) error {
	if c.Data == "" && c.File == "" {
		return usageError{errors.New("name a file, or a data folder with --data")}
	}
	if c.File != "" {
		data, err := readFile(t, c.File)
		if err != nil {
			return err
		}
		v, err := officefile.Parse(c.File, data)
		if err != nil {
			return err
		}
		t.say("file_good", i18n.Args{
			"Office": v.Office, "Agencies": len(v.Agencies), "Services": len(v.Services), "Sequences": len(v.Sequences), "Counters": len(v.Counters),
		})
	}
	if c.Data == "" {
		return nil
	}
	return c.logs(ctx, t)
}

var errDamaged = errors.New("a log is not as it was written")

func (c officeCheck) logs(ctx context.Context, t terminal) error {
	var all []server.Checked
	err := folder{c.Data}.ask(ctx, t, "office-check", server.OfficeName{Office: ticket.OfficeID(c.Office)}, &all)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Damage != "" {
			err = errDamaged
			t.say("log_damaged", i18n.Args{"Office": one.Office, "Records": one.Records, "Damage": one.Damage})
			continue
		}
		t.say("log_good", i18n.Args{
			"Office": one.Office, "Records": one.Records, "First": one.First.Format(time.RFC3339), "Last": one.Last.Format(time.RFC3339),
		})
		t.print("chain: %s\n", one.Chain)
	}
	return err
}

// readFile reads a small file; - is the standard input.
func readFile(t terminal, name string) ([]byte, error) {
	in := t.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, officefile.MaxSize+1)) // one more, so that too much is seen
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

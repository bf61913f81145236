package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"quaydesk/activities/records"
	"quaydesk/formats/schedule"
	"quaydesk/texts"
)

type tariffCommand struct {
	Import tariffImportCommand `cmd:"" help:"Record the tariffs and discounts of a YAML file that are not recorded yet; see docs/tariffs.example.yaml."`
	Show   tariffShowCommand   `cmd:"" help:"Print all tariffs and discounts that were ever recorded, as YAML that can be imported."`
	Schema tariffSchemaCommand `cmd:"" help:"Print the JSON Schema of the YAML file."`
}

type tariffImportCommand struct {
	File string `arg:"" name:"FILE.yaml" help:"The file; - reads standard input."`
}

// Run imports the file and prints what came of it as JSON.
func (c tariffImportCommand) Run(p *process) error {
	data, err := readFile(c.File, schedule.Largest)
	if err != nil {
		return err
	}
	book, err := schedule.Read(data)
	if err != nil {
		return err
	}
	db, err := p.databaseToFill()
	if err != nil {
		return err
	}
	defer db.Close()
	loading := records.Loading{Op: "cli:" + rand.Text(), Workspace: db.workspace, Schedule: book}
	imported, err := records.New(db.store, texts.New()).LoadSchedule(p.ctx, loading)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(imported)
}

// readFile reads a file, or standard input for "-". One byte more than most is enough to tell that it is too large.
func readFile(name string, most int64) ([]byte, error) {
	in := os.Stdin
	if name != "-" {
		var err error
		if in, err = os.Open(name); err != nil {
			return nil, err
		}
		defer in.Close()
	}
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

type tariffShowCommand struct{}

// Run prints the schedule.
func (tariffShowCommand) Run(p *process) error {
	db, err := p.database()
	if err != nil {
		return err
	}
	defer db.Close()
	book, err := records.New(db.store, texts.New()).Schedule(p.ctx, db.workspace)
	if err != nil {
		return err
	}
	written, err := schedule.Write(book)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(written)
	return err
}

type tariffSchemaCommand struct{}

// Run prints the schema.
func (tariffSchemaCommand) Run() error {
	_, err := os.Stdout.Write(schedule.Schema)
	return err
}

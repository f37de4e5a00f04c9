package main

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"chaperone/internal/store/postgres/postgrestest"

	"github.com/rogpeppe/go-internal/testscript"
)

// servers holds the PostgreSQL server of each script, by its working directory.
var servers sync.Map

// database starts a PostgreSQL server for a script, or takes it down and up
// again:
//
//	database start   starts it; sets DATABASE, and writes that and the owner's address to writer.url and owner.url
//	database new     makes another empty database, in the same way
//	database down    stops the server
//	database up      starts it again
func database(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: database start|new|down|up")
	}
	work := ts.Getenv("WORK")
	if args[0] == "start" {
		s, err := postgrestest.Start()
		if err != nil {
			ts.Fatalf("%v", err)
		}
		servers.Store(work, s)
		ts.Defer(func() { ts.Check(s.Close()) })
	}
	found, ok := servers.Load(work)
	if !ok {
		ts.Fatalf("no server was started")
	}
	s := found.(*postgrestest.Server)
	switch args[0] {
	case "start", "new":
		name := fmt.Sprintf("house_%s", strings.ReplaceAll(ts.Getenv("DATABASE_NUMBER"), " ", ""))
		ts.Setenv("DATABASE_NUMBER", ts.Getenv("DATABASE_NUMBER")+"i")
		ts.Check(s.Exec("postgres", postgrestest.Owner, "CREATE DATABASE "+name))
		ts.Setenv("DATABASE", s.URL(name, postgrestest.Writer))
		ts.Check(os.WriteFile(ts.MkAbs("writer.url"), []byte(s.URL(name, postgrestest.Writer)+"\n"), 0o600))
		ts.Check(os.WriteFile(ts.MkAbs("owner.url"), []byte(s.URL(name, postgrestest.Owner)+"\n"), 0o600))
	case "down":
		ts.Check(s.Down())
	case "up":
		ts.Check(s.Up())
	default:
		ts.Fatalf("usage: database start|new|down|up")
	}
}

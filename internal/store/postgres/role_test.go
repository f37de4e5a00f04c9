package postgres_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"chaperone/internal/audit"
	"chaperone/internal/store/postgres"
	"chaperone/internal/store/postgres/postgrestest"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

func TestTheDatabaseItselfRefusesToChangeOrRemoveARecord(t *testing.T) { // AUD-05
	owner, writer := prepared(t)
	d := open(t, writer)
	if _, err := d.Journal.Append(t.Context(), aRow(0)); err != nil {
		t.Fatal(err)
	}
	const columns = `about, at, kind, class, patient, person, session, key, leaf, facts, content FROM chaperone.record`
	for _, who := range []struct{ url, words string }{{writer, "permission denied"}, {owner, "never changed or removed"}} {
		c := connect(t, who.url)
		for _, attempt := range []string{
			`UPDATE chaperone.record SET class = 'clean'`, `UPDATE chaperone.record SET seq = seq + 1`,
			`DELETE FROM chaperone.record`, `TRUNCATE chaperone.record`,
		} {
			if _, err := c.Exec(t.Context(), attempt); err == nil || !strings.Contains(err.Error(), who.words) {
				t.Errorf("%s: %v", attempt, err)
			}
		}
		for _, attempt := range []string{
			`INSERT INTO chaperone.record SELECT seq, id, ` + columns,
			`INSERT INTO chaperone.record SELECT seq + 1, id, ` + columns,
			`INSERT INTO chaperone.record SELECT seq + 2, decode(repeat('07', 16), 'hex'), ` + columns,
			`INSERT INTO chaperone.record SELECT seq, id, ` + columns + ` ON CONFLICT (seq) DO UPDATE SET class = 'clean'`,
		} {
			if _, err := c.Exec(t.Context(), attempt); err == nil {
				t.Errorf("allowed: %s", attempt)
			}
		}
	}
	c := connect(t, writer)
	for _, attempt := range []string{
		`ALTER TABLE chaperone.record DISABLE TRIGGER ALL`, `DROP TABLE chaperone.record`, `DROP TRIGGER record_stays ON chaperone.record`,
		`CREATE RULE r AS ON INSERT TO chaperone.record DO INSTEAD NOTHING`, `SET session_replication_role = replica`,
		`INSERT INTO chaperone.version VALUES (99)`, `CREATE TABLE chaperone.more (n integer)`, `SET ROLE ` + postgrestest.Owner,
	} {
		if _, err := c.Exec(t.Context(), attempt); err == nil {
			t.Errorf("the role may: %s", attempt)
		}
	}
}

func TestARoleThatCouldChangeTheRecordIsRefused(t *testing.T) {
	owner, writer := prepared(t)
	if _, err := postgres.Open(t.Context(), owner); code(err) != "database_role" {
		t.Errorf("the owner: %v", err)
	}
	if err := postgres.Prepare(t.Context(), owner, owner, postgres.Version); code(err) != "database_role" {
		t.Errorf("prepared for the owner: %v", err)
	}
	c := connect(t, owner)
	for _, right := range []string{"UPDATE", "UPDATE (class)", "DELETE", "TRUNCATE", "TRIGGER"} {
		if _, err := c.Exec(t.Context(), `GRANT `+right+` ON chaperone.record TO `+postgrestest.Writer); err != nil {
			t.Fatal(err)
		}
		if _, err := postgres.Open(t.Context(), writer); code(err) != "database_role" {
			t.Errorf("with %s: %v", right, err)
		}
		if err := postgres.Prepare(t.Context(), owner, writer, postgres.Version); err != nil {
			t.Fatal(err) // takes away what is too much
		}
		open(t, writer).Close()
	}
}

func TestAServerThatMayLoseWhatItAcknowledgedIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers of its own")
	}
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		s := startServer(t, setting+"=off")
		name := s.Database(t)
		owner, writer := s.URL(name, postgrestest.Owner), s.URL(name, postgrestest.Writer)
		if err := postgres.Prepare(t.Context(), owner, writer, postgres.Version); err != nil {
			t.Fatal(err)
		}
		_, err := postgres.Open(t.Context(), writer)
		if code(err) != "database_unfit" || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s = off: %v", setting, err)
		}
	}
}

func TestWhatTheRoleSetsForItselfDoesNotWeakenACommit(t *testing.T) {
	owner, writer := prepared(t)
	_ = owner
	if err := server.Exec("postgres", "root_of_test", `ALTER ROLE `+postgrestest.Writer+` SET synchronous_commit = off`); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.Open(t.Context(), writer)
	if rerr := server.Exec("postgres", "root_of_test", `ALTER ROLE `+postgrestest.Writer+` RESET synchronous_commit`); rerr != nil {
		t.Fatal(rerr)
	}
	if code(err) != "database_unfit" {
		t.Errorf("Open: %v", err)
	}
}

func TestTheSchemaGoesUpAndDownAndIsTheSameAgain(t *testing.T) {
	name := server.Database(t)
	owner, writer := server.URL(name, postgrestest.Owner), server.URL(name, postgrestest.Writer)
	prepare := func(version int) {
		t.Helper()
		if err := postgres.Prepare(t.Context(), owner, writer, version); err != nil {
			t.Fatal(version, err)
		}
	}
	if _, err := postgres.Open(t.Context(), writer); code(err) != "database_not_ready" {
		t.Errorf("nothing prepared: %v", err)
	}
	shapes := map[int]string{}
	for version := 1; version <= postgres.Version; version++ {
		prepare(version)
		shapes[version] = shape(t, owner)
		if version < postgres.Version {
			if _, err := postgres.Open(t.Context(), writer); code(err) != "database_not_ready" {
				t.Errorf("version %d: %v", version, err)
			}
		}
	}
	for version := postgres.Version - 1; version >= 1; version-- {
		prepare(version)
		if got := shape(t, owner); got != shapes[version] {
			t.Errorf("back at version %d:\n%s\ninstead of\n%s", version, got, shapes[version])
		}
	}
	prepare(0)
	if got := shape(t, owner); strings.Contains(got, "record") {
		t.Errorf("back at nothing: %s", got)
	}
	prepare(postgres.Version)
	if got := shape(t, owner); got != shapes[postgres.Version] {
		t.Errorf("up again:\n%s\ninstead of\n%s", got, shapes[postgres.Version])
	}
	d := open(t, writer)
	if _, err := d.Journal.Append(t.Context(), aRow(0)); err != nil {
		t.Fatal(err)
	}
	if err := postgres.Prepare(t.Context(), owner, writer, 0); code(err) != "database_not_empty" {
		t.Errorf("down with a record in it: %v", err)
	}
	if leaves, err := d.Journal.Leaves(t.Context(), 0, 9); err != nil || len(leaves) != 1 {
		t.Errorf("after the refusal: %d leaves, %v", len(leaves), err)
	}
	c := connect(t, owner)
	if _, err := c.Exec(t.Context(), `INSERT INTO chaperone.version VALUES (99)`); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Open(t.Context(), writer); code(err) != "database_not_ready" || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer schema: %v", err)
	}
	if err := postgres.Prepare(t.Context(), owner, writer, postgres.Version); code(err) != "database_not_ready" {
		t.Errorf("Prepare over a newer schema: %v", err)
	}
}

// shape is what the schema consists of.
func shape(t *testing.T, url string) string {
	t.Helper()
	rows, err := connect(t, url).Query(t.Context(), `
		SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns WHERE table_schema = 'chaperone'
		UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'chaperone'
		UNION ALL SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'chaperone'::regnamespace
		UNION ALL SELECT 'trigger ' || tgname || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
		UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'chaperone'::regnamespace
		UNION ALL SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'chaperone'`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

func TestAConnectionThatOthersCouldReadIsRefused(t *testing.T) { // CRY-01
	for url, want := range map[string]string{
		"postgres://u@db.clinic.example/house":                                 "database_exposed",
		"postgres://u@db.clinic.example/house?sslmode=require":                 "database_exposed",
		"postgres://u@db.clinic.example/house?sslmode=prefer":                  "database_exposed",
		"postgres://u@127.0.0.1,db.clinic.example/house":                       "database_exposed",
		"postgres://u@db.clinic.example/house?sslmode=verify-full":             "<nil>",
		"postgres://u@a.example:5432,b.example:5433/house?sslmode=verify-full": "<nil>",
		"postgres://u@127.0.0.1/house":                                         "<nil>",
		"postgres://u@localhost/house":                                         "<nil>",
		"postgres://u@[::1]:5432/house":                                        "<nil>",
		"postgres:///house?host=/var/run/postgresql&user=u":                    "<nil>",
		"postgres://u:a-password@db.clinic.example/house?sslmode=nonsense":     "database_url",
		"postgres://u:a-password@db.clinic.example:no-port/house":              "database_url",
	} {
		err := postgres.CheckURL(url)
		if code(err) != want {
			t.Errorf("%s: %v", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "a-password") {
			t.Errorf("%s: the words hold the password", url)
		}
	}
}

func TestOneBadRowDoesNotFailItsNeighbours(t *testing.T) {
	_, url := prepared(t)
	d := open(t, url)
	var wg sync.WaitGroup
	for n := range 40 {
		wg.Go(func() {
			r := aRow(n)
			if n%8 == 0 {
				r.Facts = nil // the schema refuses it
			}
			if _, err := d.Journal.Append(context.Background(), r); (err == nil) == (n%8 == 0) {
				t.Errorf("row %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	if leaves, err := d.Journal.Leaves(t.Context(), 0, 100); err != nil || len(leaves) != 35 {
		t.Errorf("%d leaves, %v", len(leaves), err)
	}
}

// TestTwoGatewaysOnOneDatabaseShareOneRecord: places are dense over both, and what
// one has under way the other does not give up; what a dead one left, it does.
func TestTwoGatewaysOnOneDatabaseShareOneRecord(t *testing.T) {
	_, url := prepared(t)
	a, b := open(t, url), open(t, url)
	var mu sync.Mutex
	placed := map[uint64]audit.Leaf{}
	var wg sync.WaitGroup
	for w := range 16 {
		j := []*postgres.Journal{a.Journal, b.Journal}[w%2]
		wg.Go(func() {
			for n := range 50 {
				r := aRow(w*1000 + n)
				at, err := j.Append(context.Background(), r)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				placed[at] = r.Leaf
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	demand(t, a.Journal, placed)
	intent := aRow(99_999)
	intent.Kind, intent.About = audit.KindIntent, intent.ID
	if _, err := a.Journal.Append(t.Context(), intent); err != nil {
		t.Fatal(err)
	}
	open := func(d *postgres.Database) int {
		t.Helper()
		rows, err := d.Journal.Find(t.Context(), audit.Match{Open: true})
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	if own, other := open(a), open(b); own != 1 || other != 0 {
		t.Errorf("under way: %d of its own, %d seen by the other", own, other)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	for left := open(b); left != 1; left = open(b) {
		if t.Context().Err() != nil {
			t.Fatal("what the dead one left is not seen")
		}
	}
}

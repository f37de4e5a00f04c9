package config

import (
	"errors"
	"io"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Store says where records, vault and identities are kept. The zero Store keeps
// them in files in the data directory.
type Store struct {
	Postgres Postgres
}

// Postgres says where a database is; at most one field is set.
type Postgres struct {
	URL     string // postgres://user@host/database, without a password
	URLFile string // a file that holds nothing but such an address, which may have a password
}

// Named reports whether there is a database.
func (p Postgres) Named() bool { return p != (Postgres{}) }

// maxURL bounds the address of a database, in bytes.
const maxURL = 4 << 10

// Address is the database's URL, read anew from its file if it lies in one. It
// may hold a password: it must not be shown. The error repeats nothing of it.
func (p Postgres) Address() (string, error) {
	if p.URLFile == "" {
		return p.URL, nil
	}
	return ReadURLFile(p.URLFile)
}

// ReadURLFile reads the address of a database from the first line of a file that
// not everybody on the machine may read. The error repeats nothing of it.
func ReadURLFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", errors.New("the file with the address of the database cannot be read")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return "", errors.New("the file with the address of the database is not a file")
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
		return "", errors.New("the file with the address of the database is open to everybody on this machine: chmod o= it")
	}
	text, err := io.ReadAll(io.LimitReader(f, maxURL))
	if err != nil {
		return "", errors.New("the file with the address of the database cannot be read")
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSpace(line)
	if _, ok := parseAddress(line); !ok {
		return "", errors.New("the first line of the file is not the address of a database: postgres://USER@HOST/DATABASE")
	}
	return line, nil
}

var databaseForm = regexp.MustCompile(`^postgres(ql)?://[^\x00-\x20\x7f]{1,1000}$`)

// address is the parts of a database's address that are looked at here. It may
// name several hosts, which net/url does not know.
type address struct {
	user     string
	secret   bool // there is a password
	database string
}

// parseAddress takes an address apart; false if it is none with a user and a
// database.
func parseAddress(s string) (address, bool) {
	if !databaseForm.MatchString(s) || strings.ContainsAny(s, "#\\") {
		return address{}, false
	}
	_, rest, _ := strings.Cut(s, "://")
	rest, query, _ := strings.Cut(rest, "?")
	authority, database, _ := strings.Cut(rest, "/")
	who, hosts, ok := strings.Cut(authority, "@")
	user, _, secret := strings.Cut(who, ":")
	settings, err := url.ParseQuery(query)
	if err != nil || !ok || strings.Contains(hosts, "@") || user == "" || database == "" {
		return address{}, false
	}
	return address{user, secret || settings.Has("password") || settings.Has("sslpassword"), database}, true
}

// store reads where things are kept. An address with a password in it is a fault
// that is not repeated: no setting holds a secret.
func (r *reader) store(n *yaml.Node, s *Store, dir string) {
	r.mapping(n, []field{{"postgres", func(n *yaml.Node) {
		r.mapping(n, []field{
			{"url", func(n *yaml.Node) { r.postgresURL(n, &s.Postgres.URL) }},
			{"url_file", func(n *yaml.Node) {
				r.text(n, &s.Postgres.URLFile, pathForm, "write the path of a file that holds the address")
				s.Postgres.URLFile = under(dir, s.Postgres.URLFile)
			}},
		})
		if s.Postgres.URL != "" && s.Postgres.URLFile != "" {
			r.fault(n, "the database has two addresses", "keep one of url, url_file")
		}
	}}})
}

func (r *reader) postgresURL(n *yaml.Node, into *string) {
	before := len(r.faults)
	r.text(n, into, databaseForm, "write postgres://USER@HOST/DATABASE")
	if len(r.faults) > before {
		return
	}
	a, ok := parseAddress(*into)
	switch {
	case !ok:
		r.fault(n, "this is not the address of a database", "write postgres://USER@HOST/DATABASE")
	case a.secret:
		r.fault(n, "the address holds a password", "put the address into a file and name it under url_file")
	default:
		return
	}
	*into = ""
}

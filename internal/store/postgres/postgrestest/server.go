// Package postgrestest starts a PostgreSQL server of its own for tests: on
// loopback, in a temporary directory, as a user that is not root, with data
// checksums. It owns that server and stops it; it never touches another one.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrMissing says that PostgreSQL is not installed here.
var ErrMissing = errors.New("postgrestest: PostgreSQL is not installed (on Debian: apt-get install postgresql)")

// The roles of the server. Owner owns databases, Writer is what Chaperone runs as.
const (
	Owner  = "owner"
	Writer = "writer"
)

// Server is a PostgreSQL server.
type Server struct {
	Port int

	bin, dir string
	who      *syscall.Credential // nil: this user
	cmd      *exec.Cmd
	made     int
}

// Start makes and starts a server. More settings, like "fsync=off", come from
// the caller. The error is ErrMissing where there is no PostgreSQL.
func Start(settings ...string) (_ *Server, err error) {
	s := &Server{}
	if s.bin, err = find(); err != nil {
		return nil, err
	}
	if s.who, err = nobody(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "chaperone-postgres-"); err != nil {
		return nil, err
	}
	if s.who != nil {
		if err := os.Chown(s.dir, int(s.who.Uid), int(s.who.Gid)); err != nil {
			return nil, err
		}
	}
	if out, err := s.command("initdb", "-D", s.data(), "-U", "root_of_test", "-A", "trust", "-E", "UTF8", "--no-locale", "--data-checksums", "-N").CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), s.Close())
	}
	if s.Port, err = freePort(); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("port=%d\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nmax_connections=100\n%s\n", s.Port, strings.Join(settings, "\n"))
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err := f.WriteString(text); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Close(), s.Up()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, s.Exec("postgres", "root_of_test", "CREATE ROLE "+Owner+" LOGIN CREATEDB; CREATE ROLE "+Writer+" LOGIN")
}

// Installed reports whether there is a PostgreSQL that Start can use.
func Installed() bool {
	_, errFind := find()
	_, errUser := nobody()
	return errFind == nil && errUser == nil
}

// find looks for the newest installed version.
func find() (string, error) {
	if path, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "", ErrMissing
	}
	sort.Slice(found, func(i, j int) bool { return versionIn(found[i]) < versionIn(found[j]) })
	return filepath.Dir(found[len(found)-1]), nil
}

func versionIn(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4])
	return n
}

// nobody is the user to run as where this is root, whom PostgreSQL refuses.
func nobody() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, ErrMissing
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=" + s.dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.who}
	return cmd
}

// Up starts the server and waits until it answers.
func (s *Server) Up() error {
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = s.command("postgres", "-D", s.data())
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for range 600 {
		if err = s.Exec("postgres", "root_of_test", "SELECT 1"); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	return fmt.Errorf("the server does not answer: %w: %s", err, said)
}

// Down stops the server as an administrator would who does not wait for
// sessions; Kill ends it and all its processes without warning.
func (s *Server) Down() error { return s.end(syscall.SIGINT) }

// Kill makes the server end at once, without writing anything more.
func (s *Server) Kill() error { return s.end(syscall.SIGQUIT) }

func (s *Server) end(how syscall.Signal) error {
	if s.cmd == nil {
		return nil
	}
	if err := s.cmd.Process.Signal(how); err != nil {
		return err
	}
	_ = s.cmd.Wait() // it was told to end
	s.cmd = nil
	return nil
}

// Close stops the server and removes all it had.
func (s *Server) Close() error {
	if s == nil {
		return nil
	}
	return errors.Join(s.end(syscall.SIGQUIT), os.RemoveAll(s.dir))
}

// URL is the address of a database for a role.
func (s *Server) URL(database, role string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s", role, s.Port, database)
}

// Exec runs statements in a database as a role.
func (s *Server) Exec(database, role, statements string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL(database, role))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statements)
	return err
}

// Database makes an empty database that Owner owns and yields its name.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	if s == nil {
		t.Skip(ErrMissing)
	}
	s.made++
	name := fmt.Sprintf("test%d", s.made)
	if err := s.Exec("postgres", Owner, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return name
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/claude"
	"chaperone/internal/config"
	"chaperone/internal/policy"
	"chaperone/internal/register"
	"chaperone/internal/store"
	"chaperone/internal/vault"
)

// State is how a check came out.
type State string

// The states.
const (
	Right State = "ok"
	Note  State = "note"  // works, and a person should know
	Wrong State = "wrong" // does not work
)

// Check is one thing that was looked at.
type Check struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	Text  string `json:"text"`
	Next  string `json:"next,omitempty"` // what to do
}

// Examine looks at everything that a running Chaperone needs, without changing
// anything, and says what is not right. It works beside a running daemon.
func Examine(ctx context.Context, cfg config.File) []Check {
	checks := []Check{
		{Name: "program", State: Right, Text: runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version()},
		examinePolicy(cfg),
	}
	checks = append(checks, examineRules(cfg)...)
	running := isRunning(cfg.Data)
	var kept register.State
	if running {
		kept = keptRegister(ctx, cfg)
	}
	checks = append(checks, examineDoors(cfg, kept)...)
	checks = append(checks, examineListen(cfg.Listen, running))
	if running {
		checks = append(checks, examineCircuits(ctx, cfg.Data)...)
		checks = append(checks, examineRegister(ctx, cfg)...)
	}
	checks = append(checks, examineExports(ctx, cfg, running)...)
	if isFresh(cfg.Data) {
		return append(checks, Check{"data", Note, "there is no data in " + cfg.Data + " yet", "start 'chaperone up' once"})
	}
	checks = append(checks, examineDirectory(cfg.Data), examineSpace(cfg.Data), examineKey(cfg.Data))
	checks = append(checks, examineDatabase(ctx, cfg)...)
	checks = append(checks, examineRecord(ctx, cfg))
	return append(checks, examineWitness(ctx, cfg, running))
}

func isRunning(dir string) bool {
	path, err := socketPath(dir)
	if err != nil {
		return false
	}
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close() // it answered, which is all there was to know
	return true
}

func examinePolicy(cfg config.File) Check {
	p, err := cfg.OpenPolicy()
	if err != nil {
		return Check{"policy", Wrong, "the policy has faults", "run 'chaperone check'"}
	}
	return Check{"policy", Right, fmt.Sprintf("%s, version %s, %d rules", p.Name(), p.Version(), p.RuleCount()), ""}
}

func examineRules(cfg config.File) []Check {
	set, err := cfg.OpenRules()
	if err != nil {
		return []Check{{"rules", Wrong, "a rule pack has faults", "run 'chaperone check'"}}
	}
	if set == nil {
		return nil
	}
	var list []Check
	for _, p := range set.Packs() {
		list = append(list, Check{"rules", Right, fmt.Sprintf("%s, version %s, %s, %d rules", p.Name, p.Version, p.Digest(), len(p.Rules)), ""})
	}
	return list
}

// examineDoors looks at every door; kept is what the register holds, as far as it is
// known.
func examineDoors(cfg config.File, kept register.State) []Check {
	var list []Check
	now := time.Now()
	for _, d := range orderedDoors(cfg) {
		c := Check{"door", Right, d.Name + ": ", ""}
		f := d.Facts()
		paper, _ := kept.Agreement(f.Agreement.ID)
		switch standing := f.Agreement.Standing(now); {
		case f.Simulated:
			c.Text += "simulated, nothing leaves this machine"
		case keyFault(d) != nil:
			c.State, c.Text, c.Next = Wrong, c.Text+"its key cannot be read", "put the key where the configuration says, readable by this user alone"
		case paper.EndedBefore(now):
			c.State, c.Text, c.Next = Note, c.Text+"agreement "+f.Agreement.ID+" was ended on "+paper.Termination.On.Format(time.DateOnly)+", so identified text is refused here", "take it out of the configuration"
		case standing != policy.InForce:
			c.State, c.Text, c.Next = Note, c.Text+"no agreement in force, so identified text is refused here", "register the signed agreement under this door"
		default:
			c = examineAgreement(c, f, cfg.FailingGates())
		}
		list = append(list, c)
	}
	return list
}

// examineCircuits asks the running gateway which doors it leaves alone.
func examineCircuits(ctx context.Context, dir string) []Check {
	path, err := socketPath(dir)
	if err != nil {
		return nil
	}
	states, err := api.NewClient(path).Doors(ctx)
	if err != nil {
		return []Check{{"doors", Note, "the running Chaperone does not say how its doors stand", "is it of another version? Start it again"}}
	}
	var list []Check
	for _, s := range states {
		if s.Resting {
			list = append(list, Check{
				"doors", Note, fmt.Sprintf("%s: failed %d times in a row and is left alone; tried again in %s", s.Name, s.Fails, s.Wait.Round(time.Second)),
				"look at the way out and at the vendor's status page",
			})
		}
	}
	return list
}

// keyFault reports why a door's key cannot be read. Whether a platform gives
// credentials to this machine, or a store its key, shows only when it is asked,
// which is not done.
func keyFault(d config.Door) error {
	if d.Key == (config.Key{}) || d.Key.Secret.Store != "" {
		return nil
	}
	source, err := claude.ParseKeySource(keyReference(d.Key))
	if err != nil {
		return err
	}
	_, err = source()
	return err
}

func examineListen(addr string, running bool) Check {
	if running {
		return Check{"listen", Right, "Chaperone is running on this data directory", ""}
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return Check{"listen", Wrong, "something else listens on " + addr, "stop it, or set another address under listen"}
	}
	_ = l.Close() // it was free, which is all there was to know
	return Check{"listen", Right, addr + " is free", ""}
}

func examineDirectory(dir string) Check {
	exposed := ""
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && exposed == "" && info.Mode()&os.ModeSocket == 0 {
			exposed = path
		}
		return err
	})
	switch {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return Check{"data", Wrong, "the data directory cannot be read", "run this as the user that runs Chaperone"}
	case exposed != "":
		return Check{"data", Wrong, exposed + " can be read or changed by other users", "make it yours alone: chmod -R go= " + dir}
	}
	return Check{"data", Right, dir + " belongs to this user alone", ""}
}

// lowSpace is where a person should act, in bytes: well before the record can
// no longer be written.
const lowSpace = 1 << 30

func examineSpace(dir string) Check {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return Check{"space", Wrong, "the free space cannot be told", ""}
	}
	free := fs.Bavail * uint64(fs.Bsize)
	text := fmt.Sprintf("%.1f GiB free", float64(free)/(1<<30))
	if free < lowSpace {
		return Check{"space", Wrong, text, "make room: when the record cannot be written, nothing is sent"}
	}
	return Check{"space", Right, text, ""}
}

func examineKey(dir string) Check {
	root, err := vault.LoadKeys(store.RootKeyFile(dir))
	if err != nil {
		e := chaperone.AsError(err)
		return Check{"key", Wrong, e.Public, e.Next}
	}
	defer root.Forget()
	return Check{"key", Right, root.String() + ": keep a copy of its file apart from the data", ""}
}

func examineRecord(ctx context.Context, cfg config.File) Check {
	report, err := Verify(ctx, cfg.Data, VerifyOptions{Database: cfg.Store.Postgres})
	if err != nil {
		return Check{"record", Wrong, "the record cannot be read", "run 'chaperone audit verify'"}
	}
	text := fmt.Sprintf("%d of %d records verified, %d not yet in the signed tree", report.Verified, report.Records, report.Pending)
	if !report.OK() {
		return Check{"record", Wrong, text + fmt.Sprintf(", %d fault(s)", report.Total), "run 'chaperone audit verify', and change nothing"}
	}
	return Check{"record", Right, text, ""}
}

// examineAgreement says how an agreement in force stands: its gates (BAA-10), and
// the clauses that it lacks (BAA-04).
func examineAgreement(c Check, f policy.DoorFacts, failing []policy.Gate) Check {
	a := f.Agreement
	c.Text += "agreement " + a.ID + " in force until " + a.Expires.Format(time.DateOnly)
	if open := a.Open(time.Now(), failing); len(open) > 0 {
		var words []string
		for _, g := range open {
			words = append(words, g.Plain())
		}
		c.State, c.Text, c.Next = Note, c.Text+", but gates are open, so identified text is refused here: "+strings.Join(words, ", "), "close them under the agreement's gates"
		return c
	}
	if gaps := a.Gaps(); len(gaps) > 0 {
		c.State, c.Text, c.Next = Note, c.Text+"; it is not said to state "+strings.Join(gaps, "; "), "read the agreement, and list under clauses what it states"
	}
	return c
}

package claude

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// KeySource yields the API key of a door, anew on every call. Its errors never
// hold the key.
type KeySource func() (string, error)

// maxKeyBytes bounds what is read from a key file.
const maxKeyBytes = 4 << 10

var keyNameForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,127}$`)

// ParseKeySource returns the source that a reference names:
//
//	file:/etc/chaperone/anthropic.key   the file's first line
//	env:ANTHROPIC_API_KEY               a variable of the environment
//	credential:anthropic                what the service manager handed over: the file of that
//	                                    name in $CREDENTIALS_DIRECTORY (systemd), else in /run/secrets
//
// A key itself is not a reference and is refused, so that none is ever written
// into a configuration file. The source reads nothing until it is asked.
func ParseKeySource(ref string) (KeySource, error) {
	scheme, rest, ok := strings.Cut(ref, ":")
	if !ok {
		return nil, errors.New("claude: key: say where the key is kept: file:PATH, env:NAME or credential:NAME")
	}
	switch scheme {
	case "file":
		if !filepath.IsAbs(rest) {
			return nil, errors.New("claude: key: file: needs an absolute path")
		}
		return KeyFromFile(rest), nil
	case "env":
		if !keyNameForm.MatchString(rest) {
			return nil, errors.New("claude: key: env: needs the name of a variable")
		}
		return KeyFromEnv(rest), nil
	case "credential":
		if !keyNameForm.MatchString(rest) {
			return nil, errors.New("claude: key: credential: needs a plain name")
		}
		return keyFromCredential(rest), nil
	}
	return nil, errors.New("claude: key: a key is kept in file:PATH, env:NAME or credential:NAME")
}

// KeyFromFile reads the key from the first line of a file each time. A file
// that everybody on the machine may read or change is refused.
func KeyFromFile(path string) KeySource {
	return func() (string, error) { return readKeyFile(path) }
}

// KeyFromEnv takes the key from a variable of the environment each time.
func KeyFromEnv(name string) KeySource {
	return func() (string, error) {
		key := strings.TrimSpace(os.Getenv(name))
		if key == "" {
			return "", fmt.Errorf("claude: key: the environment has no %s", name)
		}
		return key, nil
	}
}

func keyFromCredential(name string) KeySource {
	return func() (string, error) {
		if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" {
			return readKeyFile(filepath.Join(dir, name))
		}
		return readKeyFile(filepath.Join("/run/secrets", name))
	}
}

func readKeyFile(path string) (string, error) {
	data, err := readSecretFile(path, maxKeyBytes)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(data), "\n")
	line = strings.TrimSpace(line)
	if line == "" {
		return "", errors.New("claude: key: the first line of the key file is empty")
	}
	return line, nil
}

// readSecretFile reads a file that nobody but its owner and group may touch.
func readSecretFile(path string, most int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("claude: key: open: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("claude: key: stat: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("claude: key: the key file is not a file")
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
		return nil, errors.New("claude: key: the key file is open to everybody on this machine: chmod o= it")
	}
	data, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("claude: key: read: %w", err)
	}
	if len(data) > most {
		return nil, errors.New("claude: key: the key file is too long to hold a key")
	}
	return data, nil
}

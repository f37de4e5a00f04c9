package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"strings"
	"time"

	"chaperone/deid/risk/table"

	"github.com/spf13/cobra"
)

// riskAsk is what was asked for on the command line.
type riskAsk struct {
	quasi, sensitive []string
	tau, population  string
	people           int
	others, asJSON   bool
	key              string
}

func riskCommand() *cobra.Command {
	var ask riskAsk
	c := &cobra.Command{
		Use:   "risk TABLE.csv",
		Short: "Measure how well the people in a table hide behind each other",
		Long: "Measure how well the people in a table hide behind each other: k, l, t and the other\n" +
			"measures of privacy, the risk that a prosecutor, a journalist or a marketer finds\n" +
			"them, and what would bring the risk under a threshold. The report holds no value of\n" +
			"any cell. It measures and does not determine: that is an expert's to do.\n\n" +
			"With --sign the report is JSON, signed by an Ed25519 key (PEM, PKCS 8), such as\n" +
			"'openssl genpkey -algorithm ed25519' makes.\n\n" +
			"Exit codes: 0 no record is above the threshold, 1 some are, 2 misuse.",
		Args: oneArgument("a table in CSV, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error { return ask.run(c, args[0]) },
	}
	f := c.Flags()
	f.StringSliceVar(&ask.quasi, "quasi", nil, "columns that an outsider may know of a person, such as age,zip,sex")
	f.StringSliceVar(&ask.sensitive, "sensitive", nil, "columns that nobody should learn, such as diagnosis")
	f.StringVar(&ask.tau, "tau", table.Tau09, "the largest risk that is taken to be small: 0.33, 0.20, 0.09, 0.05 or another share")
	f.StringVar(&ask.population, "population", "", "table of everyone the records were drawn from, with the same columns")
	f.IntVar(&ask.people, "people", 0, "how many people the records were drawn from, to estimate who is unique among them")
	f.BoolVar(&ask.others, "each-with-others", false, "judge each sensitive column as if the other ones were known too")
	f.StringVar(&ask.key, "sign", "", "file of the key that signs the report")
	f.BoolVar(&ask.asJSON, "json", false, "print one JSON object")
	c.AddCommand(riskVerifyCommand())
	return c
}

func (a *riskAsk) run(c *cobra.Command, path string) error {
	q, err := a.question()
	if err != nil {
		return err
	}
	var key ed25519.PrivateKey
	if a.key != "" {
		if key, err = signingKey(a.key); err != nil {
			return err
		}
	}
	people, err := readTable(c, path, append(append([]string(nil), q.Quasi...), q.Sensitive...))
	if err != nil {
		return err
	}
	if a.population != "" {
		if q.Population, err = readTable(c, a.population, q.Quasi); err != nil {
			return err
		}
	}
	if a.people != 0 && a.people < people.Rows() {
		return misuse{"--people is smaller than the table", "it counts everyone the records were drawn from"}
	}
	r, err := people.Examine(q, time.Now())
	if err != nil {
		return err
	}
	if err := a.print(c, r, key); err != nil {
		return err
	}
	if !r.Met {
		return exit{code: exitFailed}
	}
	return nil
}

func (a *riskAsk) question() (table.Question, error) {
	limit, err := table.ParseThreshold(a.tau)
	if err != nil {
		return table.Question{}, misuse{"--tau: " + err.Error(), ""}
	}
	if len(a.quasi) == 0 {
		return table.Question{}, misuse{"the columns that an outsider may know are needed", "name them: --quasi age,zip,sex"}
	}
	seen := map[string]bool{}
	for _, list := range [][]string{a.quasi, a.sensitive} {
		for i, name := range list {
			list[i] = strings.TrimSpace(name)
			if folded := strings.ToLower(list[i]); seen[folded] {
				return table.Question{}, misuse{"a column is named twice", "a column is either --quasi or --sensitive"}
			} else {
				seen[folded] = true
			}
		}
	}
	return table.Question{Quasi: a.quasi, Sensitive: a.sensitive, Limit: limit, Others: a.others, People: a.people}, nil
}

func readTable(c *cobra.Command, path string, columns []string) (*table.Table, error) {
	from := c.InOrStdin()
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	}
	t, err := table.Read(from, columns...)
	var unknown *table.UnknownColumnError
	if errors.As(err, &unknown) {
		return nil, misuse{unknown.Error(), "the first row of the table names its columns"}
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (a *riskAsk) print(c *cobra.Command, r table.Report, key ed25519.PrivateKey) error {
	switch {
	case key != nil:
		file, err := r.Sign(key)
		if err != nil {
			return err
		}
		_, err = c.OutOrStdout().Write(append(file, '\n'))
		return err
	case a.asJSON:
		return json.NewEncoder(c.OutOrStdout()).Encode(r)
	}
	return printRisk(c.OutOrStdout(), r)
}

func riskVerifyCommand() *cobra.Command {
	var key string
	var asJSON bool
	c := &cobra.Command{
		Use:   "verify REPORT",
		Short: "Verify that a report was signed by a key and not changed since",
		Args:  oneArgument("a signed report"),
		RunE: func(c *cobra.Command, args []string) error {
			public, err := publicKey(key)
			if err != nil {
				return err
			}
			file, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			r, err := table.Verify(file, public)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(r)
			}
			return printRisk(c.OutOrStdout(), r)
		},
	}
	c.Flags().StringVar(&key, "key", "", "file of the public key of whoever signed (PEM)")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

var errNoKey = misuse{"the key file holds no Ed25519 key in PEM", "'openssl genpkey -algorithm ed25519' makes one"}

func signingKey(path string) (ed25519.PrivateKey, error) {
	block, err := pemBlock(path, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block)
	if key, ok := parsed.(ed25519.PrivateKey); err == nil && ok {
		return key, nil
	}
	return nil, errNoKey
}

func publicKey(path string) (ed25519.PublicKey, error) {
	if path == "" {
		return nil, misuse{"the public key of whoever signed is needed", "name its file: --key public.pem"}
	}
	block, err := pemBlock(path, "PUBLIC KEY")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKIXPublicKey(block)
	if key, ok := parsed.(ed25519.PublicKey); err == nil && ok {
		return key, nil
	}
	return nil, misuse{errNoKey.what, "'openssl pkey -pubout' writes the public key of a private one"}
}

// pemBlock reads the bytes of the file's first block, if it is of that kind.
func pemBlock(path, kind string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil || block.Type != kind {
		return nil, errNoKey
	}
	return block.Bytes, nil
}

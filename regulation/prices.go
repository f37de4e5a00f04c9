package regulation

import (
	"fmt"
	"math"
	"slices"
)

// Prices are the list prices of tokens at one way to Claude. They are estimates:
// what was agreed with the vendor may differ (RTE-09).
type Prices struct {
	Source      `yaml:",inline"`
	Connections []string `yaml:"connections"` // rows of the coverage table where they hold
	USOnly      float64  `yaml:"us_only"`     // what processing in the US alone multiplies
	Models      []Price  `yaml:"models"`
}

// Price is what the tokens of one model cost, in US dollars for a million.
type Price struct {
	ID             string  `yaml:"id"`
	Input          float64 `yaml:"input"`
	Output         float64 `yaml:"output"`
	CacheWrite     float64 `yaml:"cache_write"`      // kept for five minutes
	CacheWriteHour float64 `yaml:"cache_write_hour"` // kept for an hour
	CacheRead      float64 `yaml:"cache_read"`
}

// Tokens are the tokens of one answer as the vendor counts them.
type Tokens struct {
	Input, Output, CacheRead int64
	CacheWrite               int64 // all that was written, the next included
	CacheWriteHour           int64
}

// All is how many there are.
func (t Tokens) All() int64 { return t.Input + t.Output + t.CacheRead + t.CacheWrite }

// LoadPrices reads the embedded prices.
func LoadPrices() (Prices, error) {
	var p Prices
	if err := load("prices.yaml", &p, func() Source { return p.Source }); err != nil {
		return Prices{}, err
	}
	return p, p.check()
}

func (p Prices) check() error {
	if len(p.Connections) == 0 || p.USOnly < 1 {
		return fmt.Errorf("regulation: prices.yaml: connections and us_only are needed")
	}
	for i, m := range p.Models {
		if m.ID == "" || m.Input <= 0 || m.Output <= 0 || m.CacheWrite <= 0 || m.CacheWriteHour <= 0 || m.CacheRead <= 0 {
			return fmt.Errorf("regulation: prices.yaml: the price of %q is not complete", m.ID)
		}
		if slices.ContainsFunc(p.Models[:i], func(o Price) bool { return o.ID == m.ID }) {
			return fmt.Errorf("regulation: prices.yaml: %q has two prices", m.ID)
		}
	}
	return nil
}

// Price returns the price of a model at a connection, and false where none is
// known.
func (p Prices) Price(connection, model string) (Price, bool) {
	if !slices.Contains(p.Connections, connection) {
		return Price{}, false
	}
	for _, m := range p.Models {
		if m.ID == plainModel(model) {
			return m, true
		}
	}
	return Price{}, false
}

// Cost is what the tokens cost, in millionths of a US dollar, rounded up. geo is the
// inference_geo of the answer.
func (p Prices) Cost(m Price, t Tokens, geo string) int64 {
	short := max(0, t.CacheWrite-t.CacheWriteHour)
	sum := float64(t.Input)*m.Input + float64(t.Output)*m.Output + float64(t.CacheRead)*m.CacheRead +
		float64(short)*m.CacheWrite + float64(t.CacheWriteHour)*m.CacheWriteHour
	if geo == "us" {
		sum *= p.USOnly
	}
	return int64(math.Ceil(sum - 1e-6))
}

package register

import (
	"slices"

	"chaperone"
	"chaperone/regulation"
)

// Volume is what a house expects to send in a month.
type Volume struct {
	Model    string `json:"model,omitempty"`
	Requests int64  `json:"requests,omitempty"`      // in a month
	Input    int64  `json:"input_tokens,omitempty"`  // of one request
	Output   int64  `json:"output_tokens,omitempty"` // of one answer
}

// Estimate is what a volume costs by list prices (RTE-09). A way or a model without a
// known price is Unknown, which is not the same as free.
type Estimate struct {
	Doors   []DoorEstimate `json:"doors"`
	Source  string         `json:"source"`
	Checked string         `json:"checked"`
}

// DoorEstimate is what it costs at one connection.
type DoorEstimate struct {
	Connection string  `json:"connection"`
	Unknown    bool    `json:"unknown,omitempty"`
	Dollars    float64 `json:"us_dollars_a_month"`
}

// most is the largest of each number, so that no sum leaves its range.
const most = 1_000_000_000

func (v Volume) check() error {
	if slices.ContainsFunc([]int64{v.Requests, v.Input, v.Output}, func(n int64) bool { return n < 0 || n > most }) ||
		v.Requests > 0 && (v.Model == "" || v.Input == 0) {
		return chaperone.NewError(chaperone.KindInvalid, "advice_answer", "The volume has no meaning",
			"Give --requests in a month, --model, and the tokens of one request and its answer", nil)
	}
	return nil
}

// pinned reports whether the vendor's own API would be pinned to one country.
func (w *walk) pinned() bool { return len(w.answers.Countries) > 0 }

func estimate(v Volume, connections []string, pinned bool) (*Estimate, error) {
	if v.Requests == 0 {
		return nil, nil
	}
	prices, err := regulation.LoadPrices()
	if err != nil {
		return nil, errTables(err)
	}
	geo := ""
	if pinned {
		geo = "us"
	}
	e := &Estimate{Source: prices.From, Checked: day(prices.VerifiedOn.Time)}
	for _, c := range connections {
		d := DoorEstimate{Connection: c}
		if p, ok := prices.Price(c, v.Model); ok {
			one := prices.Cost(p, regulation.Tokens{Input: v.Input, Output: v.Output}, geo)
			d.Dollars = float64(one) * float64(v.Requests) / 1e6
		} else {
			d.Unknown = true
		}
		e.Doors = append(e.Doors, d)
	}
	return e, nil
}

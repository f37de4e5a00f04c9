package audit

import "encoding/json"

// UnmarshalJSON reads what MarshalJSON wrote: a record without its content.
func (r *Record) UnmarshalJSON(b []byte) error {
	var v struct {
		Seq     uint64 `json:"seq"`
		ID      string `json:"id"`
		Class   string `json:"class"`
		Facts   Facts  `json:"facts"`
		Receipt string `json:"receipt"`
		Gone    bool   `json:"content_gone"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	id, err := ParseID(v.ID)
	if err != nil {
		return err
	}
	*r = Record{Seq: v.Seq, ID: id, Class: v.Class, Facts: v.Facts, Receipt: v.Receipt, Gone: v.Gone}
	return nil
}

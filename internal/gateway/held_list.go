package gateway

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"chaperone/internal/claude"
)

// mostPages is how many pages of the vendor's list are gone through for one of
// the caller's: the list is that of the whole organisation.
const mostPages = 20

// listHeld lists what is the caller's of all that the organisation has.
func (x *exchange) listHeld() error {
	said, h, err := x.admitKept()
	if err != nil {
		return err
	}
	query, err := pageQuery(x.r.URL.Query(), x.heldCursor)
	if err != nil {
		return err
	}
	ruling, err := x.ruleKept(said, h)
	if err != nil {
		return err
	}
	if err := x.ruledKept(ruling); err != nil {
		return err
	}
	list, err := x.newHeldList(query)
	if err != nil {
		return err
	}
	if err := x.intend(); err != nil {
		return err
	}
	for n := 0; n < mostPages && !list.none; n++ {
		reply, err := x.send(claude.Call{Method: http.MethodGet, Path: x.keptPath(), Query: list.query, Header: bare(h)})
		if err != nil {
			return err
		}
		more, err := x.page(reply, list)
		if err != nil || x.settled {
			return err
		}
		if !more {
			break
		}
	}
	return x.answerObject(list.object())
}

// heldCursor reports whether an id is that of a thing of the caller's: the list is
// cut to those, so no other was ever given out as a place to go on from.
func (x *exchange) heldCursor(id string) bool {
	_, whose, err := x.held(x.r.Context(), id)
	return err == nil && whose == own
}

// heldList gathers what is the caller's from the pages of a list. There are two
// ways to turn its pages: by the id of a thing, and by a cursor of the vendor's.
type heldList struct {
	query  url.Values
	limit  int
	back   bool // towards the newer: before_id was given
	none   bool // nothing was asked for that is the caller's
	data   []json.RawMessage
	ids    []string
	more   bool
	cursor bool // the vendor turns pages by a cursor
	next   string
}

func (x *exchange) newHeldList(q url.Values) (*heldList, error) {
	l := &heldList{query: q, limit: 20, back: q.Get("before_id") != "", data: []json.RawMessage{}}
	if n, err := strconv.Atoi(q.Get("limit")); err == nil && n > 0 && n <= 1000 {
		l.limit = n
	}
	if asked := x.r.URL.Query(); x.isFile() {
		for _, name := range []string{"ids", "ids[]"} {
			for _, id := range asked[name] {
				_, whose, err := x.held(x.r.Context(), id)
				if err != nil {
					return nil, err
				}
				if whose == own {
					q.Add(name, id)
				}
				l.none = l.none || whose != own
			}
		}
		l.none = l.none && !q.Has("ids") && !q.Has("ids[]")
		for _, name := range []string{"page", "scope_id"} {
			if v := asked.Get(name); plain(v, "-_.=") {
				q.Set(name, v)
			}
		}
	} else {
		q.Set("limit", "1000") // few of them are the caller's
	}
	return l, nil
}

// page takes one page of the vendor's list in, and says whether to ask for the
// next. An answer that is an error ends the exchange.
func (x *exchange) page(reply *claude.Reply, l *heldList) (more bool, err error) {
	if reply.Status != http.StatusOK {
		return false, x.deliver(reply, asItIs{}, nil)
	}
	obj, err := x.readObject(reply)
	if err != nil {
		return false, err
	}
	var data []object
	if json.Unmarshal(obj["data"], &data) != nil {
		return false, errNotTheThing()
	}
	_, l.cursor = obj["next_page"]
	for _, one := range data {
		full, err := x.add(l, one)
		if err != nil || full {
			return false, err
		}
	}
	return l.turn(obj, data), nil
}

// add takes a thing in if it is the caller's; full says that there was no room.
func (x *exchange) add(l *heldList, one object) (full bool, err error) {
	thing, whose, err := x.held(x.r.Context(), one.text("id"))
	if err != nil || whose != own || thing.Door != x.door.Name() || one.own(thing) != nil {
		return false, err
	}
	if len(l.data) >= l.limit && !l.cursor {
		l.more = true
		return true, nil
	}
	raw, err := json.Marshal(one)
	l.data, l.ids = append(l.data, raw), append(l.ids, thing.ID)
	return false, err
}

// turn makes the query for the next page, and false where there is none to ask for.
func (l *heldList) turn(obj object, data []object) bool {
	if l.cursor {
		l.next = obj.text("next_page")
		l.query.Set("page", l.next)
		return l.next != "" && len(l.data) == 0 && plain(l.next, "-_.=")
	}
	var onward bool
	_ = json.Unmarshal(obj["has_more"], &onward) // missing: there is no more
	if !onward || len(data) == 0 {
		return false
	}
	name, at := "after_id", data[len(data)-1].text("id")
	if l.back {
		name, at = "before_id", data[0].text("id")
	}
	if !plain(at, "-_") || l.query.Get(name) == at {
		return false // a list that does not go on would go on for ever
	}
	l.query.Set(name, at)
	return true
}

// object is the list in the API's form.
func (l *heldList) object() object {
	o := object{}
	o.set("data", l.data)
	o.set("has_more", l.more || l.next != "")
	o.set("first_id", nil)
	o.set("last_id", nil)
	if n := len(l.ids); n > 0 {
		o.set("first_id", l.ids[0])
		o.set("last_id", l.ids[n-1])
	}
	if l.cursor {
		o.set("next_page", nil)
		if l.next != "" {
			o.set("next_page", l.next)
		}
	}
	return o
}

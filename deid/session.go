package deid

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"chaperone/phi"
)

// Session is the memory of one session: which surface stands behind which
// placeholder. Within a session a surface always meets the same placeholder, so
// that prompt caching and a model's train of thought survive; two sessions
// never share one. It is safe for concurrent exchanges.
//
// Surfaces of the same person ("John Smith", "SMITH, JOHN", "Smith") share the
// stem of their code and differ in its variant: the model can see that they
// belong together, and each comes back exactly as it was written.
//
// Two things a profile may ask for are kept here too. The number of days by which
// dates are shifted is drawn once for a session, 1 to 365 days back or ahead, and
// lives in the vault with it: nothing tells it but the shifted dates themselves.
// They come back only where the very text of one does: a date that the model
// worked out from them stays shifted, and a date of its own (a guideline's) that
// happens to be the text of a shifted one is taken for it.
//
// Invented names (see Profile.Realistic) read better than placeholders and hide
// what detection missed, at a price. An invented name is drawn so that nothing in
// the exchange or the session bears it, but the model may come up with it, or
// alter it: one that comes back whole, or a word of it alone, in any case, is
// restored; "Larky" for Larkin is not, and is counted. Use them where reading
// matters more than that.
type Session struct {
	mu        sync.RWMutex
	random    io.Reader
	bySurface map[string]string        // surface -> placeholder
	live      map[string]phi.Surrogate // placeholder -> surrogate
	prefixes  map[string]struct{}      // every proper prefix of a live placeholder
	stems     map[string]*entity
	byToken   map[string][]*entity // entities by each word of their surfaces
	known     *knownIndex          // surfaces to look for everywhere
	names     []string             // surfaces of people, in the order they were met
	roster    *roster              // finds the first rostered of names
	rostered  int
	pending   map[string]phi.Surrogate // minted and not yet sealed in the vault
	surfaces  []string                 // those in known, in the order they were met
	memo      memo

	dates    sessionDates
	standIns *standIns
}

// entity is one person or thing that has a stem of its own.
type entity struct {
	kind     phi.Kind
	stem     string
	tokens   map[string]bool // folded words of all its surfaces
	variants [len(alphabet)]bool
}

// NewSession returns a session that knows what the vault remembers of it;
// known may be nil. random must be a cryptographic source: placeholders are
// drawn from it.
func NewSession(known []phi.Surrogate, random io.Reader) *Session {
	s := &Session{
		random:    random,
		bySurface: map[string]string{},
		live:      map[string]phi.Surrogate{},
		prefixes:  map[string]struct{}{},
		stems:     map[string]*entity{},
		byToken:   map[string][]*entity{},
		known:     newKnownIndex(),
		pending:   map[string]phi.Surrogate{},
		memo:      newMemo(memoRoom),
		dates:     sessionDates{read: map[string]writtenDate{}},
		standIns:  newStandIns(),
	}
	for _, k := range known {
		s.restore(k)
	}
	return s
}

// Len is the number of live placeholders and stand-ins.
func (s *Session) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.live) + len(s.standIns.of)
}

// restore takes back a pair that the vault kept: a fact about the session, a
// text that stands for another, or a placeholder. One of no form of ours is
// ignored: it could never be found in a text.
func (s *Session) restore(k phi.Surrogate) {
	if k.Kind == phi.None {
		s.recall(k.Placeholder, k.Value.Expose())
		return
	}
	if strings.HasPrefix(k.Placeholder, standInMark) {
		s.recallStandIn(k.Kind, k.Value.Expose())
		return
	}
	word, code, ok := strings.Cut(k.Placeholder, "-")
	if !ok || len(code) != codeLen || word != k.Kind.Word() {
		return
	}
	stem := code[:stemLen]
	e := s.stems[stem]
	if e == nil {
		e = s.addEntity(k.Kind, stem)
	}
	s.take(e, k.Value.Expose(), code[variantPos])
	s.put(k)
}

func (s *Session) addEntity(kind phi.Kind, stem string) *entity {
	e := &entity{kind: kind, stem: stem, tokens: map[string]bool{}}
	s.stems[stem] = e
	return e
}

func (s *Session) take(e *entity, surface string, variant byte) {
	e.variants[alphabetValue(variant)] = true
	for _, t := range entityTokens(e.kind, surface) {
		if !e.tokens[t] {
			e.tokens[t] = true
			s.byToken[t] = append(s.byToken[t], e)
		}
	}
}

func (s *Session) put(k phi.Surrogate) {
	surface := k.Value.Expose()
	s.bySurface[surface] = k.Placeholder
	s.live[k.Placeholder] = k
	for i := 1; i < len(k.Placeholder); i++ {
		s.prefixes[k.Placeholder[:i]] = struct{}{}
	}
	if k.Kind == phi.Name {
		s.names = append(s.names, surface)
	}
	s.know(k.Kind, surface)
}

// know has a surface looked for in every text from now on. The lock must be held.
func (s *Session) know(kind phi.Kind, surface string) {
	if s.known.add(kind, surface) {
		s.surfaces = append(s.surfaces, surface)
	}
}

// Unsealed lists the pairs that are not yet in the vault, whichever exchange
// of the session made them. They must be sealed before anything that may hold
// their placeholders is sent.
func (s *Session) Unsealed() []phi.Surrogate {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]phi.Surrogate, 0, len(s.pending))
	for _, k := range s.pending {
		list = append(list, k)
	}
	return list
}

// Sealed says that the vault has these pairs.
func (s *Session) Sealed(list []phi.Surrogate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range list {
		delete(s.pending, k.Placeholder)
	}
}

// placeholder returns the placeholder of surface, minting one if this is the
// first time it is met. The only error is that of the random source, in which
// case nothing may be sent.
func (s *Session) placeholder(kind phi.Kind, surface string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.bySurface[surface]; ok {
		return p, nil
	}
	surface = strings.Clone(surface) // a part of a text would keep the whole of it in memory
	e := s.entityFor(kind, surface)
	if e == nil {
		stem, err := s.drawStem()
		if err != nil {
			return "", err
		}
		e = s.addEntity(kind, stem)
	}
	code, err := s.drawCode(e, kind.Word())
	if err != nil {
		return "", err
	}
	sur := phi.Surrogate{Placeholder: kind.Word() + "-" + code, Kind: kind, Value: phi.Seal(surface)}
	s.take(e, surface, code[variantPos])
	s.put(sur)
	s.pending[sur.Placeholder] = sur
	return sur.Placeholder, nil
}

// drawStem draws a stem that no entity of the session has. It holds a digit, so
// that every code does.
func (s *Session) drawStem() (string, error) {
	for {
		var stem [stemLen]byte
		for i := range stem {
			c, err := draw(s.random)
			if err != nil {
				return "", fmt.Errorf("deid: draw placeholder: %w", err)
			}
			stem[i] = c
		}
		text := string(stem[:])
		if s.stems[text] == nil && strings.ContainsAny(text, "0123456789") {
			return text, nil
		}
	}
}

// drawCode completes the entity's stem with a variant that is free and the
// check character.
func (s *Session) drawCode(e *entity, word string) (string, error) {
	c, err := draw(s.random)
	if err != nil {
		return "", fmt.Errorf("deid: draw placeholder: %w", err)
	}
	v := alphabetValue(c)
	for e.variants[v] {
		v = (v + 1) % len(alphabet)
	}
	code := e.stem + string(alphabet[v])
	return code + string(checkChar(word, code+"0")), nil
}

// entityFor finds the one entity that surface belongs to, or nil: the same
// kind, and its words are among the entity's or the other way round. When two
// would do (two people called Smith) it belongs to neither.
func (s *Session) entityFor(kind phi.Kind, surface string) *entity {
	tokens := entityTokens(kind, surface)
	if len(tokens) == 0 {
		return nil
	}
	var found *entity
	for _, t := range tokens {
		for _, e := range s.byToken[t] {
			if e == found || e.kind != kind || e.crowded() || !e.holds(tokens) {
				continue
			}
			if found != nil {
				return nil
			}
			found = e
		}
	}
	return found
}

func (e *entity) crowded() bool {
	for _, used := range e.variants {
		if !used {
			return false
		}
	}
	return true
}

func (e *entity) holds(tokens []string) bool {
	in := 0
	for _, t := range tokens {
		if e.tokens[t] {
			in++
		}
	}
	return in > 0 && (in == len(tokens) || in == len(e.tokens))
}

// lookup returns the live surrogate of a normalised placeholder.
func (s *Session) lookup(normal string) (phi.Surrogate, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	sur, ok := s.live[normal]
	return sur, ok
}

// isPrefix reports whether a normalised text is a proper prefix of a live
// placeholder.
func (s *Session) isPrefix(normal string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.prefixes[normal]
	return ok
}

// knows reports whether the surface has a placeholder.
func (s *Session) knows(surface string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.bySurface[surface]
	if !ok {
		_, ok = s.standIns.of[surface]
	}
	return ok
}

// people returns the surfaces of the people met so far. The slice is not to be
// changed.
func (s *Session) people() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.names[:len(s.names):len(s.names)]
}

// rosterOf returns what finds everyone the session knows and the others given,
// and how many the session knows. That of the session alone is kept until the
// session meets somebody new.
func (s *Session) rosterOf(e *Engine, others []string) (*roster, int) {
	known := s.people()
	if len(others) > 0 {
		return e.roster(append(known, others...)), len(known)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.roster == nil || s.rostered != len(known) {
		s.roster, s.rostered = e.roster(known), len(known)
	}
	return s.roster, len(known)
}

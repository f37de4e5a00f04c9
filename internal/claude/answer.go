package claude

import (
	"io"
	"strconv"
)

// answer carries an answer that is one JSON value.
func (c *copier) answer() error {
	body, err := c.readAll(c.opt.answerLimit())
	if err != nil {
		return c.stop(err)
	}
	doc, f := parse(body, defaultDepth)
	if f != nil {
		return c.fail(errNotJSON(f))
	}
	if !doc.is(0, object) {
		return c.fail(errNotJSON(nil))
	}
	c.d.message(doc, 0)
	if err := c.echo(); err != nil {
		return c.fail(err)
	}
	x := restorer{doc: doc, rv: c.rv, locate: c.opt.Locate, think: c.opt.Thinking, said: c.opt.Said}
	x.value(0, false)
	c.d.Ended = true
	return c.whole(splice(body, x.edits))
}

// whole releases an answer that is all end.
func (c *copier) whole(body []byte) error {
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	return c.finish(body)
}

// readAll reads the rest of the upstream's answer, up to a limit.
func (c *copier) readAll(limit int64) ([]byte, error) {
	body, err := readLimited(c, limit, errAnswerTooLarge())
	if err != nil {
		return nil, readingFault(err)
	}
	return body, nil
}

var _ io.Reader = (*copier)(nil)

func (o CopyOptions) answerLimit() int64 {
	if o.MaxAnswer <= 0 {
		return defaultAnswer
	}
	return min(o.MaxAnswer, mostBytes)
}

func (o CopyOptions) eventLimit() int {
	if o.MaxEvent <= 0 {
		return defaultEvent
	}
	return int(min(o.MaxEvent, mostBytes))
}

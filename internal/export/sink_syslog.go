package export

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Syslog is a Sink for RFC 5424 messages over TLS, framed by their length (RFC
// 5425). Syslog has no acknowledgement of its own. So each batch has a
// connection, which is closed from this side first: that the receiver then ends
// it in good order says that it has read to the last byte. What it has read and
// not yet written down can be lost in it.
type Syslog struct {
	Address string // host:port; the port of syslog over TLS is 6514
	TLS     *tls.Config
	Format  Format
	Host    string // this machine's name, as messages carry it
}

// Priorities: facility 13, log audit; notice for what was recorded, warning for
// what went wrong, alert for a damaged record (RFC 5424, section 6.2.1).
const (
	syslogNotice  = 13*8 + 5
	syslogWarning = 13*8 + 4
	syslogAlert   = 13*8 + 1

	maxSequenceID = 1<<31 - 1 // of the structured data "meta" (RFC 5424, section 7.3.1)
)

// Send implements Sink.
func (s *Syslog) Send(ctx context.Context, events []Event) error {
	frames, err := s.frames(events)
	if err != nil {
		return err
	}
	dialer := tls.Dialer{Config: s.TLS}
	raw, err := dialer.DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return errUnreachable(fmt.Errorf("export: syslog: %w", err))
	}
	defer raw.Close()
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) }) // a connection in its grave has none
	defer stop()
	if _, err := raw.Write(frames); err != nil {
		return errUnreachable(fmt.Errorf("export: syslog: %w", err))
	}
	conn, ok := raw.(*tls.Conn)
	if !ok {
		return errUnreachable(errors.New("export: syslog: not a TLS connection"))
	}
	if err := conn.CloseWrite(); err != nil {
		return errUnreachable(fmt.Errorf("export: syslog: close: %w", err))
	}
	// A receiver says nothing; it only ends the connection in turn, with TLS's own
	// word for it (RFC 5425, section 4.4). One that was cut off without it may have
	// died with a row half read, and is an error.
	if _, err := io.Copy(io.Discard, io.LimitReader(conn, 1<<10)); err != nil {
		return errUnreachable(fmt.Errorf("export: syslog: end: %w", err))
	}
	return nil
}

// Close implements Sink.
func (s *Syslog) Close() error { return nil }

func (s *Syslog) frames(events []Event) ([]byte, error) {
	var b []byte
	for _, e := range events {
		docs, err := Encode(s.Format, e)
		if err != nil {
			return nil, err
		}
		for _, doc := range docs {
			m := s.message(e, doc)
			b = strconv.AppendInt(b, int64(len(m)), 10)
			b = append(b, ' ')
			b = append(b, m...)
		}
	}
	return b, nil
}

func (s *Syslog) message(e Event, doc []byte) string {
	priority := syslogNotice
	switch ocsf, _ := ocsfStatus(e); {
	case e.Damaged:
		priority = syslogAlert
	case ocsf == ocsfFailure:
		priority = syslogWarning
	}
	return fmt.Sprintf("<%d>1 %s %s chaperone - %s [meta sequenceId=\"%d\"][origin software=\"Chaperone\"] %s",
		priority, e.Time.Format("2006-01-02T15:04:05.000000Z07:00"), syslogHost(s.Host), e.Stage, e.Seq%maxSequenceID+1, doc)
}

// syslogHost is a name as a header takes it: printable ASCII without spaces.
func syslogHost(name string) string {
	name = strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r
		}
		return -1
	}, name)
	if name == "" {
		return "-"
	}
	return name[:min(len(name), 255)]
}

package witness

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
)

// The files in a folder of checkpoints: the newest is replaced each time, and
// the first of each hour is made once and never touched again, so that the
// folder may be on write-once storage and stays small.
const (
	newestFile = "newest"
	hourlyForm = "2006-01-02T15Z"
)

// keep puts a checkpoint into the folder and posts it to the webhook.
func (c *Courier) keep(ctx context.Context, text []byte) (faults []Fault) {
	if c.route.Folder != "" {
		if err := c.file(text); err != nil {
			faults = append(faults, Fault{"folder", Unkept, 0, "the checkpoint cannot be put into the folder"})
		}
	}
	if c.route.Webhook != "" {
		if err := c.hook(ctx, text); err != nil {
			faults = append(faults, Fault{"webhook", Unkept, 0, "the webhook does not take the checkpoint"})
		}
	}
	return faults
}

func (c *Courier) file(text []byte) error {
	if err := os.MkdirAll(c.route.Folder, 0o700); err != nil {
		return err
	}
	hour := filepath.Join(c.route.Folder, c.route.Clock().UTC().Format(hourlyForm))
	if _, err := os.Lstat(hour); errors.Is(err, fs.ErrNotExist) {
		if err := writeDurably(hour, text); err != nil {
			return err
		}
	}
	return writeDurably(filepath.Join(c.route.Folder, newestFile), text)
}

func (c *Courier) hook(ctx context.Context, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.route.Webhook, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	res, err := c.route.Client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, maxRequest)); err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return errors.New("witness: the webhook answers with another status than 2xx")
	}
	return nil
}

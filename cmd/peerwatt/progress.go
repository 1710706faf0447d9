package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar shows how far long work is: a progress bar on a terminal, elsewhere a
// line for every tenth of work that takes long, so that logs stay short.
type bar struct {
	what  string
	out   io.Writer
	total int
	tenth int
	spoke time.Time
	live  *progressbar.ProgressBar // nil off a terminal
}

// quiet is how long work may take off a terminal before it says how far it is.
const quiet = 5 * time.Second

// newBar returns a bar that ends at total, which may be given later by of.
func newBar(out io.Writer, what string, total int) *bar {
	b := &bar{what: what, out: out, total: total, spoke: time.Now()}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		b.live = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	return b
}

// set shows how much is done, with a note on how it goes.
func (b *bar) set(done int, note string) {
	if note != "" {
		note = ", " + note
	}
	if b.live != nil {
		b.live.Describe(b.what + note)
		_ = b.live.Set(done)
		return
	}
	if tenth := 10 * done / max(1, b.total); tenth > b.tenth && time.Since(b.spoke) >= quiet {
		b.tenth, b.spoke = tenth, time.Now()
		fmt.Fprintf(b.out, "%s: %d of %d%s\n", b.what, done, b.total, note)
	}
}

// say prints a line about the work without disturbing the bar.
func (b *bar) say(text string) {
	if b.live != nil {
		_ = b.live.Clear()
	}
	fmt.Fprintln(b.out, text)
}

// of is a progress function for work that tells its total itself.
func (b *bar) of(done, total int) {
	if b.total != total {
		b.total = total
		if b.live != nil {
			b.live.ChangeMax(total)
		}
	}
	b.set(done, "")
}

func (b *bar) finish() {
	if b.live != nil {
		_ = b.live.Finish()
	}
}

package env

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Process is a Policy in another program: it writes to the program's standard
// input what Serve writes to its out, and reads what Serve reads.
//
// The program first gets a Spec, then for every step an observation line, with
// "step":0 at the start of a day, and answers each observation with
// {"type":"step","action":[...]}, or with {"type":"error","error":"why"}, which
// ends the evaluation. It must flush after every line. In the end it gets
// {"type":"closed"} and the end of its input. What it writes to its standard
// error is passed on. So a whole policy is:
//
//	import json, sys
//	for line in sys.stdin:
//	    m = json.loads(line)
//	    if m["type"] == "observation":
//	        print(json.dumps({"type": "step", "action": decide(m["observation"])}), flush=True)
//
// The program starts with the first day. One Process serves one Env at a time.
type Process struct {
	command string
	timeout time.Duration
	stderr  tail

	cmd   *exec.Cmd // nil: not running
	stdin io.WriteCloser
	lines <-chan readLine
	stop  context.CancelFunc // of the goroutine that reads lines
}

// AnswerTimeout is how long a Process may take for an answer, unless told
// otherwise: long enough to load a large library before the first one.
const AnswerTimeout = time.Minute

// NewProcess returns the policy that command (a program and its arguments,
// separated by blanks) speaks. It waits timeout for each answer; 0 means
// AnswerTimeout.
func NewProcess(command string, timeout time.Duration) (*Process, error) {
	if len(strings.Fields(command)) == 0 {
		return nil, errors.New("cmd: names no program; want cmd:PROGRAM, such as cmd:./policy.py")
	}
	if timeout == 0 {
		timeout = AnswerTimeout
	}
	return &Process{command: command, timeout: timeout}, nil
}

// Name is "cmd:" and the command.
func (p *Process) Name() string { return "cmd:" + p.command }

// Reset starts the program before its first day.
func (p *Process) Reset(e *Env) error {
	if p.cmd != nil {
		return nil
	}
	if err := p.start(); err != nil {
		return err
	}
	return p.send(e.Spec(), p.timeout)
}

// Act asks the program for the joint action. After an error the program is
// gone: a late answer would be taken for the next.
func (p *Process) Act(e *Env, action []float32) error {
	if p.cmd == nil {
		return errors.New("the program is not running")
	}
	err := p.ask(e, action)
	if err != nil {
		_ = p.wait(0)
	}
	return err
}

func (p *Process) ask(e *Env, action []float32) error {
	if err := p.send(e.message(), p.timeout); err != nil {
		return err
	}
	line, err := p.receive()
	if err != nil {
		return err
	}
	r, err := parseRequest(line)
	if err != nil {
		return fmt.Errorf("the program answered %.60q: %w (what is meant for people goes to standard error)", line, err)
	}
	switch r.Type {
	case "step":
		return r.jointAction(e, action)
	case "error":
		return fmt.Errorf("the program gave up: %s", strings.Join(strings.Fields(r.Error), " "))
	}
	return fmt.Errorf(`the program answered with type %q, want {"type":"step","action":[...]}`, r.Type)
}

func (p *Process) start() error {
	argv := strings.Fields(p.command)
	p.stderr.text = nil // what an earlier program said
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stderr = &p.stderr
	cmd.WaitDelay = time.Second
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start %s: %w", argv[0], err)
	}
	ctx, stop := context.WithCancel(context.Background())
	p.cmd, p.stdin, p.lines, p.stop = cmd, stdin, readLines(ctx, stdout), stop
	return nil
}

// send writes a line. A program that does not read is as bad as one that does
// not answer.
func (p *Process) send(message any, timeout time.Duration) error {
	sent := make(chan error, 1)
	stdin := p.stdin
	go func() { sent <- send(stdin, message) }()
	select {
	case err := <-sent:
		if err != nil {
			return p.ended(err)
		}
		return nil
	case <-time.After(timeout):
		return fmt.Errorf("the program read nothing for %v", timeout)
	}
}

func (p *Process) receive() ([]byte, error) {
	select {
	case line := <-p.lines:
		if line.err != nil {
			return nil, p.ended(line.err)
		}
		return line.text, nil
	case <-time.After(p.timeout):
		return nil, fmt.Errorf("the program gave no answer within %v (does it flush its output after every line?)", p.timeout)
	}
}

// ended explains why a program that broke off did so.
func (p *Process) ended(cause error) error {
	state := "closed its output"
	if err := p.wait(time.Second); err != nil {
		state = "ended with " + err.Error()
	} else if !errors.Is(cause, io.EOF) {
		state = cause.Error()
	}
	if said := p.stderr.lastLine(); said != "" {
		return fmt.Errorf("the program %s; it said: %s", state, said)
	}
	return fmt.Errorf("the program %s before it answered", state)
}

// wait gives the program some time to end by itself, then kills it.
func (p *Process) wait(patience time.Duration) error {
	if p.cmd == nil {
		return nil
	}
	cmd := p.cmd
	p.cmd = nil
	defer p.stop()
	killer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer killer.Stop()
	_ = p.stdin.Close()
	return cmd.Wait()
}

// Close ends the program: it is told, its input is closed, and after a few
// seconds it is killed.
func (p *Process) Close() error {
	if p.cmd == nil {
		return nil
	}
	_ = p.send(closedMessage, time.Second)
	return p.wait(5 * time.Second)
}

// tail passes on what a program writes to standard error and remembers the end.
type tail struct{ text []byte }

func (t *tail) Write(b []byte) (int, error) {
	const keep = 4096
	t.text = append(t.text, b...)
	if len(t.text) > keep {
		t.text = append(t.text[:0], t.text[len(t.text)-keep:]...)
	}
	return os.Stderr.Write(b)
}

// lastLine returns the last line that says something. It may only be called
// when the program has ended.
func (t *tail) lastLine() string {
	lines := bytes.Split(bytes.TrimSpace(t.text), []byte("\n"))
	return string(bytes.TrimSpace(lines[len(lines)-1]))
}

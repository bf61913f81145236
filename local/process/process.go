// Package process starts child processes that do not outlive their parent, however it ends, and that the terminal's
// Ctrl-C does not reach: whoever started them stops them, in order.
package process

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// Process is a started child.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// Start starts cmd in a process group of its own. When the parent dies without stopping it, the kernel sends it
// lastWord; where the kernel cannot (only Linux can), an orphan has to be found and stopped at the next start.
func Start(cmd *exec.Cmd, lastWord syscall.Signal) (*Process, error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	setLastWord(cmd.SysProcAttr, lastWord)

	p := &Process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel means the thread, not the process, by "parent": this one stays until the child has ended.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// Pid gives the child's process id.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Done is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the child ended, as exec.Cmd.Wait does; only to be asked after Done.
func (p *Process) Err() error { return p.err }

// Signal sends the child a signal; a child that has ended already is no error.
func (p *Process) Signal(sig os.Signal) error {
	if err := p.cmd.Process.Signal(sig); err != nil && err != os.ErrProcessDone {
		return err
	}
	return nil
}

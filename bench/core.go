package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

// onOneCore runs a load with the target on the last processor, and with the
// bench and the fake Claude on the others.
func (l load) onOneCore(ctx context.Context, t target, claude int) (figures, error) {
	n := runtime.NumCPU()
	taskset, err := exec.LookPath("taskset")
	if err != nil || n < 2 {
		return figures{}, notInstalled("throughput of one core (it takes taskset and two processors)")
	}
	pin := func(pid int, cores string) error {
		return exec.CommandContext(ctx, taskset, "-acp", cores, strconv.Itoa(pid)).Run()
	}
	last, others, all := strconv.Itoa(n-1), fmt.Sprintf("0-%d", n-2), fmt.Sprintf("0-%d", n-1)
	pids := append([]int{os.Getpid(), claude}, t.processes()...)
	defer func() {
		for _, pid := range pids {
			_ = pin(pid, all) // at worst the next figures are worse
		}
	}()
	for i, pid := range pids {
		cores := others
		if i > 1 {
			cores = last
		}
		if err := pin(pid, cores); err != nil {
			return figures{}, fmt.Errorf("taskset: %w", err)
		}
	}
	return l.run(ctx, t)
}

// Command chaos has people talk to the whole product while its parts are killed and the world outside misbehaves, and
// looks afterwards for what was lost or done twice. It ends with 1 when there is any.
//
//	go run ./proof/chaos -duration 10m
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	var o options
	flag.DurationVar(&o.duration, "duration", 10*time.Minute, "how long there is trouble")
	flag.IntVar(&o.organizers, "organizers", 4, "how many people file tickets")
	flag.IntVar(&o.crews, "crews", 2, "how many crews of three dispatchers move containers")
	// Todoist takes 1000 calls in a quarter of an hour, and the sandbox holds to that.
	flag.DurationVar(&o.patience, "patience", 16*time.Minute, "how long everything may take to come to its end afterwards")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "of the random choices; the machine's timing is its own")
	flag.Parse()
	log.SetFlags(log.Ltime)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	report, err := run(ctx, o, log.Printf)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report)
	if report.failed() {
		os.Exit(1)
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"time"

	"quaydesk/proof/talk"
)

// talker is somebody who talks. One who gets no answer waits, and never says a thing again; only a button that stands
// there anew is pressed anew.
type talker struct {
	*talk.Chat
	book *book
}

// again is how long somebody looks at a button that does nothing before trying one that came after it.
const again = 3 * time.Second

func (c *chaos) talker(ctx context.Context, p talk.Person) (*talker, error) {
	chat, err := c.sandbox.Chat(ctx, p)
	return &talker{chat, &c.book}, err
}

func (c *chaos) newTalker(ctx context.Context, name string) (*talker, error) {
	p, err := c.sandbox.NewPerson(ctx, name, "en")
	if err != nil {
		return nil, err
	}
	return c.talker(ctx, p)
}

var inviteLink = regexp.MustCompile(`start=(inv_[A-Za-z0-9_-]+)`)

// hire has the owner invite two agents, beside the one of the demo world, and the dispatchers.
func (c *chaos) hire(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, p := range c.sandbox.World.People {
		if p.Name == "Nadia Brooks" {
			nadia, err := c.talker(ctx, p)
			if err != nil {
				return err
			}
			c.desk = append(c.desk, nadia)
		}
	}
	person, err := c.sandbox.Role("owner")
	if err != nil {
		return err
	}
	owner, err := c.talker(ctx, person)
	if err != nil {
		return err
	}
	for _, name := range []string{"Bob Agent", "Cleo Agent"} {
		h, err := owner.say(ctx, 0, "/invite agent", talk.Says("start=inv_"))
		if err != nil {
			return err
		}
		agent, err := c.join(ctx, name, h.Message.Text)
		if err != nil {
			return err
		}
		c.desk = append(c.desk, agent)
	}
	for n := range c.options.crews {
		w, err := c.hireCrew(ctx, owner, n+1)
		if err != nil {
			return err
		}
		c.crews = append(c.crews, w)
	}
	return nil
}

// join makes somebody who opens an invite's link.
func (c *chaos) join(ctx context.Context, name, invite string) (*talker, error) {
	p, err := c.newTalker(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := p.Start(ctx, inviteLink.FindStringSubmatch(invite)[1]); err != nil {
		return nil, err
	}
	return p, p.hears(ctx, 0, talk.Says("Welcome to the team"))
}

// waits measures how long somebody waits for something.
func (p *talker) waits(ctx context.Context, from int, match func(talk.Heard) bool) (talk.Heard, error) {
	began := time.Now()
	h, _, err := p.Find(ctx, from, match)
	p.book.waited(fmt.Sprintf("%s for what came as %.60q", p.Person.Name, h.Message.Text), time.Since(began))
	return h, err
}

// hears waits for something from a place in the chat on.
func (p *talker) hears(ctx context.Context, from int, match func(talk.Heard) bool) error {
	_, err := p.waits(ctx, from, match)
	return err
}

// say says something, as a reply or not (0), and waits for what it leads to.
func (p *talker) say(ctx context.Context, replyTo int, text string, match func(talk.Heard) bool) (talk.Heard, error) {
	from := p.Len()
	p.book.says()
	if _, err := p.Reply(ctx, replyTo, text); err != nil {
		return talk.Heard{}, err
	}
	h, err := p.waits(ctx, from, match)
	if err != nil {
		return h, fmt.Errorf("%s said %.40q and waits: %w\n%s", p.Person.Name, text, err, p.ending())
	}
	return h, nil
}

// press presses the newest button with a label, under a message that holds a fragment, and waits for what it leads to,
// which may have come from a place in the chat on.
func (p *talker) press(ctx context.Context, from int, label, fragment string, match func(talk.Heard) bool) (talk.Heard, error) {
	last, began := 0, time.Now()
	for {
		m, ok := p.Last(func(m talk.Message) bool {
			_, ok := m.Button(label)
			return ok && m.ID > last && strings.Contains(m.Text, fragment)
		})
		if ok {
			b, _ := m.Button(label)
			last = m.ID
			p.book.says()
			if _, err := p.Press(ctx, m.ID, b, 0); err != nil && ctx.Err() != nil {
				return talk.Heard{}, err // else the button has just gone
			}
		}
		looking, cancel := context.WithTimeout(ctx, again)
		h, _, err := p.Find(looking, from, match)
		cancel()
		p.book.waited(fmt.Sprintf("%s after pressing %q", p.Person.Name, label), time.Since(began))
		if err == nil {
			return h, nil
		}
		if ctx.Err() != nil {
			return h, fmt.Errorf("%s pressed %q under %q and waits: %w\n%s", p.Person.Name, label, fragment, ctx.Err(), p.ending())
		}
	}
}

// ending shows the end of the chat.
func (p *talker) ending() string {
	lines := strings.Split(strings.TrimSpace(p.Transcript()), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}

// organizer brings one matter after the other until the trouble is over, and waits for an end of the last one.
func (c *chaos) organizer(trouble, waiting context.Context, n int, dice *rand.Rand) error {
	p, err := c.newTalker(waiting, fmt.Sprintf("Organizer %d", n))
	if err != nil {
		return err
	}
	for i := 0; trouble.Err() == nil; i++ {
		s := &scene{chaos: c, ctx: waiting, dice: dice, organizer: p, matter: &matter{mark: fmt.Sprintf("[m%d.%d]", n, i)}}
		c.book.add(s.matter)
		if err := s.play(); err != nil {
			return fmt.Errorf("matter %s: %w", s.matter.mark, err)
		}
		pause(trouble, between(dice, 0, 4*time.Second))
	}
	return nil
}

var errNoTask = errors.New("the board never had the task")

package dialogtest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"go.temporal.io/sdk/interceptor"

	real "quaydesk/activities/records"
	"quaydesk/activities/signals"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/workflows/dialog"
)

// records doubles the dialogues' own activities, in memory.
type records struct {
	talk     *Talk
	person   people.Person
	drafts   map[string]json.RawMessage
	outcomes map[int64]string
	met      map[string]int // cause → chain of runs
	signals  []string
}

func newRecords(k *Talk) *records {
	return &records{
		talk: k, drafts: map[string]json.RawMessage{}, outcomes: map[int64]string{}, met: map[string]int{},
		person: people.Person{ID: 7, Workspace: 1, Telegram: user, Name: "Ann", Role: k.setup.Role, Lang: k.setup.Lang},
	}
}

func (r *records) names() []string { return slices.Sorted(maps.Keys(r.drafts)) }

// OpenChat doubles records.Records.OpenChat.
func (r *records) OpenChat(_ context.Context, in real.Opening) (real.Opened, error) {
	cause := in.Event.Cause()
	if _, ok := r.met[cause]; !ok {
		r.met[cause] = r.talk.chain
	}
	var modules []string
	for _, m := range r.talk.setup.Modules {
		modules = append(modules, m.Name)
	}
	return real.Opened{Person: r.person, Modules: modules, Drafts: r.names(), Repeat: r.met[cause] != r.talk.chain}, nil
}

// Say doubles records.Records.Say.
func (r *records) Say(context.Context, chat.Turn) error { return nil }

// SetLanguage doubles records.Records.SetLanguage.
func (r *records) SetLanguage(_ context.Context, _ chat.Turn, in real.LanguageChoice) (struct{}, error) {
	r.person.Lang = in.Lang
	return struct{}{}, nil
}

// SaveDraft doubles records.Records.SaveDraft.
func (r *records) SaveDraft(_ context.Context, _ chat.Turn, in real.Draft) (struct{}, error) {
	r.drafts[in.Dialogue] = in.Answers
	return struct{}{}, nil
}

// TakeDraft doubles records.Records.TakeDraft.
func (r *records) TakeDraft(_ context.Context, _ chat.Turn, dialogue string) (real.Draft, error) {
	d := real.Draft{Dialogue: dialogue, Answers: r.drafts[dialogue]}
	delete(r.drafts, dialogue)
	return d, nil
}

// Signal doubles signals.Signals.Signal.
func (r *records) Signal(_ context.Context, in signals.In) error {
	r.signals = append(r.signals, in.Workflow+" "+in.ID+" "+in.Signal)
	return nil
}

// ears hears what turns say once their activity is done.
type ears struct {
	interceptor.WorkerInterceptorBase
	talk *Talk
}

func (e *ears) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &activityEars{ActivityInboundInterceptorBase: interceptor.ActivityInboundInterceptorBase{Next: next}, talk: e.talk}
}

type activityEars struct {
	interceptor.ActivityInboundInterceptorBase
	talk *Talk
}

func (a *activityEars) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	out, err := a.Next.ExecuteActivity(ctx, in)
	if err != nil {
		return out, err
	}
	for _, arg := range in.Args {
		if turn, ok := arg.(chat.Turn); ok {
			a.talk.take(turn)
		}
	}
	return out, nil
}

func (k *Talk) take(turn chat.Turn) {
	for _, u := range turn.Updates {
		k.records.outcomes[u] = turn.Outcome
	}
	k.Tell(turn.Out...)
}

// Tell brings messages that a module's double sends besides its turn's own. Those to other chats are dropped.
func (k *Talk) Tell(out ...chat.Outgoing) {
	for _, o := range out {
		k.tell(o)
	}
}

// Doubles are the doubles of the dialogues' own activities, for workers on a real Temporal.
func Doubles(t testing.TB, modules ...dialog.Module) any {
	return New(t, Setup{Modules: modules}).records
}

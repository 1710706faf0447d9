package expert

import "context"

// writeCode is the code generation expert: it writes the model as a program that
// solves the prosumer alone. It is told the formulas and data of the devices, too:
// small models name in their text what they should write out.
func (w *workflow) writeCode(ctx context.Context, s *Session, r *Reporter) error {
	answer, err := w.ask(ctx, s, r, "code", promptData{
		Model: s.Model, BasicModel: w.Knowledge.BasicModel(false, devicesOf(s.Spec.Prosumer)...), DataSheet: s.Spec.DataSheet(),
		StateKeys: s.Spec.StateKeys(), Actions: ActionNames(s.Spec.Prosumer), Docs: w.docs(s.Docs),
	})
	if err == nil {
		s.Code = programIn(answer)
	}
	return err
}

// writeBare has the whole program written in one go: from the wish, the basic
// model and the data, with trade, and with nothing looked up.
func (w *workflow) writeBare(ctx context.Context, s *Session, r *Reporter) error {
	answer, err := w.ask(ctx, s, r, "code", promptData{
		BasicModel: w.Knowledge.BasicModel(true), DataSheet: s.Spec.DataSheet(), StateKeys: s.Spec.StateKeys(),
		Actions: ActionNames(s.Spec.Prosumer), Trade: true, Bare: true,
	})
	if err == nil {
		s.Program = programIn(answer)
	}
	return err
}

// addTrade is the energy trading integration expert: it adds trade among peers to
// the program and has it return the six parts.
func (w *workflow) addTrade(ctx context.Context, s *Session, r *Reporter) error {
	answer, err := w.ask(ctx, s, r, "trade", promptData{
		Code: s.Code, Parts: w.Knowledge.trade(), Actions: ActionNames(s.Spec.Prosumer),
	})
	if err == nil {
		s.Program = programIn(answer)
	}
	return err
}

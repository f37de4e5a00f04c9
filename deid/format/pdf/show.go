package pdf

import "math"

// taking says that a glyph is taken out, and what is put in its place.
type taking struct{ put *insert }

// insert is text that is put in place of others.
type insert struct {
	text  string
	width float64 // what there is room for, in text space
}

// spot is a glyph's place within its operator.
type spot struct{ part, byte int32 }

// shower writes one showing operator again, without the glyphs that are taken
// out. Their width stays as a gap, so that nothing else moves. A nil shower
// writes nothing.
type shower struct {
	m     *machine
	taken map[spot]*taking
	parts array
	run   text
	gap   float64 // thousandths, as in a TJ
}

func (w *shower) shift(n float64) {
	if w != nil {
		w.endRun()
		w.gap += n
	}
}

func (w *shower) glyph(g glyph, code []byte, where place, width float64) {
	t := w.taken[spot{where.part, where.byte}]
	if t == nil && g.known {
		if w.gap != 0 {
			w.parts = append(w.parts, w.gap)
			w.gap = 0
		}
		w.run = append(w.run, code...)
		w.m.now.font.keep(g)
		return
	}
	w.endRun()
	if t != nil && t.put != nil {
		w.put(t.put)
	}
	if size := w.m.now.size; size != 0 {
		w.gap -= width / size * 1000
	}
}

func (w *shower) endRun() {
	if len(w.run) > 0 {
		w.parts = append(w.parts, w.run)
		w.run = nil
	}
}

// flush writes what has been gathered.
func (w *shower) flush() {
	if w == nil {
		return
	}
	w.endRun()
	if w.gap != 0 {
		w.parts = append(w.parts, w.gap)
		w.gap = 0
	}
	if len(w.parts) > 0 {
		w.m.out.op("TJ", w.parts)
		w.parts = nil
	}
}

// Text that is put in is made smaller down to leastSize of what it replaces, and
// then narrower down to leastScale.
const (
	leastSize  = 0.75
	leastScale = 0.25
)

// put writes text in a standard font, fitted into its room, and goes back to
// where it began.
func (w *shower) put(in *insert) {
	now := w.m.now
	out := w.m.out
	size := now.size
	if now.font.procs != nil {
		size *= now.font.height // of a Type3 font the size alone says little
	}
	pieces, em := out.w.inserts.encode(in.text)
	// The line may run backwards; vertical lines only keep their gap.
	if w.m.vertical() || size == 0 || now.scale == 0 || em == 0 {
		return
	}
	w.flush()
	scale := 1.0
	if k := in.width / (em * math.Abs(size)); k < 1 {
		small := max(k, leastSize)
		size *= small
		scale = max(k/small, leastScale)
	}
	scale = math.Copysign(scale, now.scale)
	if now.char != 0 {
		out.op("Tc", 0)
	}
	if now.word != 0 {
		out.op("Tw", 0)
	}
	if scale != now.scale {
		out.op("Tz", scale*100)
	}
	for _, p := range pieces {
		font := out.resource("Font", name("insert "+p.font.key), func() any { return p.font.ref })
		out.op("Tf", font, size)
		out.op("Tj", p.codes)
	}
	out.op("Tf", out.fontName(now.font), now.size)
	if now.char != 0 {
		out.op("Tc", now.char)
	}
	if now.word != 0 {
		out.op("Tw", now.word)
	}
	if scale != now.scale {
		out.op("Tz", now.scale*100)
	}
	w.gap += em * size * scale * 1000 / (now.size * now.scale)
}

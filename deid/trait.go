package deid

import "chaperone/phi"

// findTraits looks for what Safe Harbor names last: biometric identifiers,
// photographs and file names that carry a name or a number.
func (p *page) findTraits() {
	for i := 0; i < len(p.tok); i++ {
		if p.taken[i] {
			continue
		}
		switch t := &p.tok[i]; {
		case p.is(i, '<') && p.is(i+1, '<') && p.at(i+1).gap == gapNone:
			p.machineLine(i)
		case t.entry.Has(itself) && biometricWords[p.word(i)]:
			p.biometric(i)
		case p.is(i, '.') && t.gap == gapNone && p.at(i+1).gap == gapNone && p.at(i+1).size() > 2 && imageFiles[p.word(i+1)] && i > 0:
			p.imageFile(i)
		case t.entry.Has(itself) && photoWords[p.word(i)]:
			p.photo(i)
		}
	}
}

var photoWords = map[string]bool{"photo": true, "photograph": true, "photographs": true, "photos": true, "Photo": true, "Photograph": true}

// machineLine takes the lines at the foot of a passport or identity card that
// machines read (ICAO Doc 9303): at least 20 letters, digits and fillers.
func (p *page) machineLine(i int) {
	ok := func(b byte) bool { return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b == '<' }
	a, b := int(p.tok[i].start), int(p.tok[i].end)
	for a > 0 && ok(p.txt[a-1]) {
		a--
	}
	for b < len(p.txt) && (ok(p.txt[b]) || p.txt[b] == '\n' && b+20 < len(p.txt) && ok(p.txt[b+1]) && ok(p.txt[b+9]) && ok(p.txt[b+19])) {
		b++
	}
	if b-a >= 20 {
		p.sweep(phi.Ident, a, b, 0.95, "machine-readable")
	}
}

var biometricWords = map[string]bool{"fingerprint": true, "Fingerprint": true, "fingerprints": true, "Fingerprints": true, "voiceprint": true, "Voiceprint": true, "retinal": true, "Retinal": true, "retina": true, "iris": true, "Iris": true, "faceprint": true, "biometric": true, "Biometric": true, "tattoo": true, "palmprint": true, "thumbprint": true}

// biometric takes the code or hash that stands within a few words after a
// biometric word.
func (p *page) biometric(i int) {
	for j := i + 1; j < i+8 && p.same(j); j++ {
		t := p.at(j)
		if t.kind == mixed && t.size() >= 6 || t.kind == digits && t.size() >= 5 {
			end := p.run(j, "-_:.")
			p.put(phi.Biometric, j, end, 0.9, "biometric")
			return
		}
		if p.isAny(j, ".;") {
			return
		}
	}
}

var imageFiles = map[string]bool{"jpg": true, "jpeg": true, "png": true, "gif": true, "bmp": true, "tiff": true, "tif": true, "heic": true, "dcm": true, "mp4": true, "mov": true, "avi": true, "wav": true, "mp3": true, "JPG": true, "JPEG": true, "PNG": true, "DCM": true, "HEIC": true, "webp": true, "svg": true}

// imageFile takes the file name of a picture around the dot at token i.
func (p *page) imageFile(i int) {
	a := i - 1
	for a > 0 && p.at(a).gap == gapNone && !p.isAny(a-1, "\"'(<>[]|=`,;") && a > i-16 {
		a--
	}
	if a >= i || p.at(a).kind == punct && a == i-1 {
		return
	}
	if a == i-1 && p.at(a).kind == word && p.entry(a).English() > 0 && p.entry(a).English() < 4 {
		return
	}
	p.put(phi.Image, a, i+2, 0.85, "image-file")
}

// photo takes the mention of a photograph of the patient's face.
func (p *page) photo(i int) {
	face := false
	a := i
	for j := i - 1; j >= 0 && j >= i-4 && p.same(j+1); j-- {
		switch p.word(j) {
		case "face", "facial", "Face", "Facial":
			face = true
		case "full", "Full":
			a = j
		case "patient", "Patient":
		}
		if face && a == i {
			a = j
		}
	}
	if face {
		p.put(phi.Image, a, i+1, 0.85, "photo")
		return
	}
	if p.word(i+1) == "of" {
		for j := i + 2; j < i+6 && p.same(j); j++ {
			if w := p.word(j); w == "face" || w == "facial" {
				p.put(phi.Image, i, j+1, 0.8, "photo")
				return
			}
		}
	}
}

package claude

// number reads a number by the grammar of RFC 8259 section 6.
func (p *parser) number() *fault {
	start := p.at
	if p.src[p.at] == '-' {
		p.at++
	}
	switch {
	case p.at < len(p.src) && p.src[p.at] == '0':
		p.at++
	default:
		if f := p.digits(); f != nil {
			return f
		}
	}
	if p.at < len(p.src) && p.src[p.at] == '.' {
		p.at++
		if f := p.digits(); f != nil {
			return f
		}
	}
	if p.at < len(p.src) && (p.src[p.at] == 'e' || p.src[p.at] == 'E') {
		p.at++
		if p.at < len(p.src) && (p.src[p.at] == '+' || p.src[p.at] == '-') {
			p.at++
		}
		if f := p.digits(); f != nil {
			return f
		}
	}
	_, f := p.add(number, start, p.at)
	return f
}

// digits reads one or more digits.
func (p *parser) digits() *fault {
	from := p.at
	for p.at < len(p.src) && p.src[p.at] >= '0' && p.src[p.at] <= '9' {
		p.at++
	}
	if p.at > from {
		return nil
	}
	if p.at >= len(p.src) {
		return p.truncated()
	}
	return p.unexpected()
}

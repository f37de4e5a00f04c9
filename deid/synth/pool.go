package synth

// Pool is every name that people of the world's can have, for whoever needs
// single names and not people. A name may be in several of its lists.
type Pool struct{ Male, Female, Family []string }

// Names returns the names of all origins, in the order of Origins. The error
// names the file and line that is malformed; with the files of a release it is
// always nil.
func Names() (Pool, error) {
	origins, err := loadOrigins()
	if err != nil {
		return Pool{}, err
	}
	var p Pool
	for _, o := range origins {
		p.Male = append(p.Male, o.male...)
		p.Female = append(p.Female, o.female...)
		p.Family = append(p.Family, o.family...)
	}
	return p, nil
}

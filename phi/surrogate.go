package phi

// Surrogate pairs a placeholder with the words it stands for. Only the vault
// keeps it at rest, encrypted; nowhere else do the two meet on disk. A pair of
// kind None is a fact about a session that is kept with its pairs.
type Surrogate struct {
	Placeholder string // "NAME-7K2QAX": random, never derived from the value; kept in the clear
	Kind        Kind
	Value       Text
}

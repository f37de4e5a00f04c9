package phi

// Surrogate pairs a placeholder with the words it stands for. Only the vault
// keeps it at rest, encrypted; nowhere else do the two meet on disk.
type Surrogate struct {
	Placeholder string // "NAME-7K2QAX": random, never derived from the value
	Kind        Kind
	Value       Text
}

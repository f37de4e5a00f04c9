package identity

// Remembered is the number of addresses the brake remembers.
func (i *Identity) Remembered() int {
	i.brake.mu.Lock()
	defer i.brake.mu.Unlock()
	return len(i.brake.buckets)
}

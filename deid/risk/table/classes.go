package table

import "math"

// classes parts the records into those that agree in all quasi-identifiers.
type classes struct {
	of    []uint32 // the class of each record
	sizes []int    // how many records each class has
}

// classesOf groups records that have equal codes in all given columns. Without
// columns all records are of one class: nothing tells them apart.
func classesOf(rows int, columns []column) classes {
	c := classes{of: make([]uint32, rows), sizes: []int{rows}}
	for _, col := range columns {
		c.split(col.codes)
	}
	return c
}

// split parts every class by one more column.
func (c *classes) split(codes []uint32) {
	seen := make(map[uint64]uint32, len(c.sizes))
	c.sizes = c.sizes[:0]
	for r, code := range codes {
		key := uint64(c.of[r])<<32 | uint64(code)
		class, ok := seen[key]
		if !ok {
			class = uint32(len(c.sizes))
			seen[key] = class
			c.sizes = append(c.sizes, 0)
		}
		c.of[r] = class
		c.sizes[class]++
	}
}

// smallest is the size of the smallest class: k. It is 0 without records.
func (c *classes) smallest() int {
	k := math.MaxInt
	for _, n := range c.sizes {
		if n > 0 {
			k = min(k, n)
		}
	}
	if k == math.MaxInt {
		return 0
	}
	return k
}

// sizesOfSize counts the classes of each size.
func (c *classes) sizesOfSize() map[int]int {
	of := map[int]int{}
	for _, n := range c.sizes {
		of[n]++
	}
	return of
}

package dicom

import (
	"strconv"
	"strings"
)

// fate is what becomes of the pixels.
type fate uint8

const (
	untouched fate = iota
	blanked
)

const (
	tagCharset    = tag(0x00080005)
	tagClass      = tag(0x00080016)
	tagModality   = tag(0x00080060)
	tagSamples    = tag(0x00280002)
	tagColours    = tag(0x00280004)
	tagPlanes     = tag(0x00280006)
	tagFrames     = tag(0x00280008)
	tagRows       = tag(0x00280010)
	tagColumns    = tag(0x00280011)
	tagAllocated  = tag(0x00280100)
	tagBurned     = tag(0x00280301)
	tagVisual     = tag(0x00280302)
	tagDocument   = tag(0x00420011)
	captured      = "1.2.840.10008.5.1.4.1.1.7"
	pixelHint     = "look at it; if no text is in its pixels, set Burned In Annotation (0028,0301) to NO, or pass --images blank"
	maxBlankBytes = 256 << 20
)

// telling are the modalities whose pixels often hold text or a face, whatever
// the header says: ultrasound, scanned and photographed things, screens.
var telling = map[string]bool{
	"US": true, "IVUS": true, "BDUS": true, "OT": true, "SC": true, "DOC": true, "XC": true, "GM": true, "SM": true, "ES": true, "DG": true, "HD": true, "DMS": true,
}

// judge decides about pixels and documents within.
func (f *File) judge(o Options) (fate, error) {
	if f.set.string(0x00041130) != "" || f.set.find(0x00041220) != nil {
		return 0, refused("leave it out, and have it made anew from the files that it lists", "a DICOMDIR, a list of files,")
	}
	if e := f.set.find(tagDocument); e != nil {
		return 0, refused("take the document out of the file, and have it concealed by itself", "a DICOM file that holds a document")
	}
	loose := f.set.find(0x7FE00008) != nil || f.set.find(0x7FE00009) != nil
	pixels := f.set.find(tagPixels)
	if pixels == nil && !loose {
		return untouched, nil
	}
	class := f.set.string(tagClass)
	if f.set.string(tagBurned) == "NO" && f.set.string(tagVisual) != "YES" && !telling[f.set.string(tagModality)] &&
		class != captured && !strings.HasPrefix(class, captured+".") {
		return untouched, nil
	}
	if !o.Blank || loose {
		return 0, refused(pixelHint, "a DICOM file whose pixels may hold text")
	}
	if f.blankSize() < 0 {
		return 0, &Fault{Where: tagPixels.String(), What: "the attributes that tell how many pixels there are are missing, or tell of more than 256 MB"}
	}
	f.note("its pixels, which are blank")
	return blanked, nil
}

// blankSize is how many bytes the pixels take that the header tells of; -1 if it
// does not, or tells of too many.
func (f *File) blankSize() int {
	frames := 1
	if s := f.set.string(tagFrames); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			return -1
		}
		frames = n
	}
	size := 1
	for _, n := range []int{f.number(tagRows), f.number(tagColumns), f.number(tagSamples), frames, f.number(tagAllocated)} {
		if n <= 0 || size > maxBlankBytes*8/n {
			return -1
		}
		size *= n
	}
	return (size + 7) / 8
}

package claude

import "io"

// Frames lets tests read frames without a door.
func Frames(body io.ReadCloser) io.ReadCloser { return newFrames(body) }

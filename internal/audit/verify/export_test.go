package verify

// What tests make an export of, file by file.
var EncodeRow, DecodeRow = encodeRow, decodeRow

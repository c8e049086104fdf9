#!/bin/sh
# Verify one notice of a signed batch with openssl and a shell loop: none of our code is needed.
#
#   sh verify.sh FOLDER
#
# FOLDER holds header.bin signature.bin certificate.pem root.pem record.bin salt.bin index.txt size.txt path.NN.bin
set -eu
cd "${1:?usage: sh verify.sh FOLDER}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "NOT VERIFIED: $1" >&2
  exit 1
}

# 1. Signature: the signer's public key over the header bytes.
openssl x509 -in certificate.pem -pubkey -noout >"$work/key.pem"
openssl dgst -sha256 -verify "$work/key.pem" -signature signature.bin header.bin >/dev/null 2>&1 ||
  fail "the signature does not fit the header"
echo "signature            OK"

# 2. The header names this very certificate. Its last 4 fields are 32-byte hashes of fixed place:
#    certificate, previous header, payload, Merkle root (each behind two bytes of tag and length).
openssl x509 -in certificate.pem -outform DER | openssl dgst -sha256 -binary >"$work/certificate"
tail -c 136 header.bin | head -c 34 | tail -c 32 >"$work/named"
cmp -s "$work/certificate" "$work/named" || fail "the header names another certificate"
echo "certificate          OK"

# 3. Chain and dates as of the signing time, which is field 8 of the header (seconds: its field 1, a varint).
signed_at=$(od -An -v -tu1 header.bin | tr -s ' \n' '\n\n' | awk '
  NF { byte[n++] = $1 }
  function varint(  value, factor) {
    value = 0; factor = 1
    while (byte[i] >= 128) { value += (byte[i++] - 128) * factor; factor *= 128 }
    return value + byte[i++] * factor
  }
  END {
    while (i < n) {
      tag = varint(); field = int(tag / 8); kind = tag % 8
      if (kind == 0) { varint(); continue }
      size = varint()
      if (field == 8) { i++; printf "%.0f\n", varint(); exit }
      i += size
    }
  }')
openssl verify -x509_strict -purpose sslclient -CAfile root.pem -attime "$signed_at" certificate.pem >/dev/null 2>&1 ||
  fail "the certificate was not valid at the signing time"
echo "chain at signing     OK"

# 4. Merkle path (RFC 9162, 2.1.3.2): from the salted leaf up to the root that was signed.
{ printf '\000'; cat salt.bin record.bin; } | openssl dgst -sha256 -binary >"$work/hash"
fn=$(cat index.txt)
sn=$(($(cat size.txt) - 1))
for step in path.*.bin; do
  [ -e "$step" ] || break
  [ "$sn" -gt 0 ] || fail "the path is too long"
  if [ $((fn % 2)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
    { printf '\001'; cat "$step" "$work/hash"; } | openssl dgst -sha256 -binary >"$work/next"
    while [ $((fn % 2)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn / 2)); sn=$((sn / 2)); done
  else
    { printf '\001'; cat "$work/hash" "$step"; } | openssl dgst -sha256 -binary >"$work/next"
  fi
  mv "$work/next" "$work/hash"
  fn=$((fn / 2))
  sn=$((sn / 2))
done
[ "$sn" -eq 0 ] || fail "the path is too short"
tail -c 32 header.bin >"$work/root"
cmp -s "$work/hash" "$work/root" || fail "the record is not in the signed batch"
echo "Merkle path          OK ($(cat index.txt) of $(cat size.txt) records, no other record was needed)"
echo "VERIFIED"

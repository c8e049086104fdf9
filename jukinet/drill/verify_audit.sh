#!/bin/sh
# Verify one row of a log against its signed head, with openssl and a shell loop: none of our code is needed.
#
#   sh verify.sh FOLDER
#
# FOLDER holds row.bin head.bin head.sig node.der root.pem path.txt root.txt signed_at.txt
set -eu
cd "${1:?usage: sh verify.sh FOLDER}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "NOT VERIFIED: $1" >&2
  exit 1
}

# An octal escape is the only one that every printf knows.
bytes() { for byte in $(printf '%s' "$1" | sed 's/../& /g'); do printf "\\$(printf '%03o' "0x$byte")"; done; }
hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }

# 1. The node signed the head.
openssl x509 -inform DER -in node.der -out "$work/node.pem" || fail "node.der is no certificate"
openssl x509 -in "$work/node.pem" -pubkey -noout >"$work/key.pem"
openssl dgst -sha256 -verify "$work/key.pem" -signature head.sig head.bin >/dev/null 2>&1 ||
  fail "the signature does not fit the head"
echo "signature            OK"

# 2. Its certificate was good when it signed.
openssl verify -CAfile root.pem -attime "$(cat signed_at.txt)" "$work/node.pem" >/dev/null 2>&1 ||
  fail "the certificate was not valid at the signing time"
echo "chain at signing     OK"

# 3. The head says this root.
case "$(hex head.bin)" in
*"$(cat root.txt)"*) echo "root in head         OK" ;;
*) fail "the head says another root" ;;
esac

# 0 the other half stands to the right, 1 to the left (RFC 6962, 2.1).
climb() {
  while read -r side other; do
    own=$(hex "$work/hash")
    if [ "$side" = 1 ]; then pair="$other$own"; else pair="$own$other"; fi
    { printf '\001'; bytes "$pair"; } | openssl dgst -sha256 -binary >"$work/next"
    mv "$work/next" "$work/hash"
  done <"$1"
}

# 4. From the row up to that root.
{ printf '\000'; cat row.bin; } | openssl dgst -sha256 -binary >"$work/hash"
climb path.txt
[ "$(hex "$work/hash")" = "$(cat root.txt)" ] || fail "the row is not in the tree"
echo "row in tree          OK"

# 5. What was provided: its hash stands in the row.
if [ -s provision.bin ]; then
  openssl dgst -sha256 -binary provision.bin >"$work/provision"
  case "$(hex row.bin)" in
  *"$(hex "$work/provision")"*) echo "provision in row     OK" ;;
  *) fail "the row says another provision" ;;
  esac
fi

# 6. One person in it: from the salted leaf up to a root that the provision says.
if [ -e subject.bin ]; then
  { printf '\000'; cat subject.salt subject.bin; } | openssl dgst -sha256 -binary >"$work/hash"
  climb subject_path.txt
  case "$(hex provision.bin)" in
  *"$(hex "$work/hash")"*) echo "person in provision  OK" ;;
  *) fail "the provision is not about this person" ;;
  esac
fi
echo "node                 $(openssl x509 -in "$work/node.pem" -noout -subject)"
echo "root                 $(openssl x509 -in root.pem -noout -fingerprint -sha256): compare it with the network's"

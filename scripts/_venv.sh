# shellcheck shell=bash
# Sourced by the verbs: makes .venv and installs the project into it, each only when needed.
# Works with the bash 3.2 of macOS.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
VENV=$ROOT/.venv
STAMP=$VENV/jukinet-setup

say() { printf '→ %s\n' "$*" >&2; }

die() {
  printf '%s\n' "$@" >&2
  exit 1
}

is_new_enough() {
  # The command is tried, not looked up: version managers put commands on PATH that only print an error.
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
  local candidate
  if [[ -n ${JUKINET_PYTHON:-} ]]; then
    is_new_enough "$JUKINET_PYTHON" && printf '%s' "$JUKINET_PYTHON" && return
    die "JUKINET_PYTHON=$JUKINET_PYTHON は Python 3.11 以上として動きません。JUKINET_PYTHON を直すか、外してください。" \
      "JUKINET_PYTHON=$JUKINET_PYTHON does not run as Python 3.11 or newer. Correct it, or unset it."
  fi
  for candidate in python3.13 python3.12 python3.11 python3; do
    is_new_enough "$candidate" && printf '%s' "$candidate" && return
  done
  die "Python 3.11 以上が PATH に見つかりません。3.11 以降の構文と標準ライブラリを使うため、それより古い版では動きません。" \
    "  次に: Python 3.11 以上を入れるか、その場所を JUKINET_PYTHON に書いて、もう一度実行してください。" \
    "No Python 3.11 or newer on PATH. Older versions lack syntax and library parts that the project uses." \
    "  Next: install Python 3.11 or newer, or put its path into JUKINET_PYTHON, and run this again."
}

make_venv() {
  local python
  python=$(find_python) || exit 1
  say "仮想環境 .venv を作ります (約 4 秒) / making .venv with $("$python" --version 2>&1) (about 4 s)"
  "$python" -m venv --clear "$VENV" >&2 ||
    die ".venv を作れませんでした。理由は上のとおりです。Debian・Ubuntu では python3-venv を入れてください。" \
      "Could not make .venv; the reason stands above. On Debian and Ubuntu install python3-venv. Then run this again."
}

# On a terminal one line that changes; elsewhere only the stages, so that a log stays short.
show_progress() {
  local line
  while IFS= read -r line; do
    if [[ -t 2 ]]; then
      printf '\r\033[K  %.70s' "$line" >&2
    else
      case $line in *'build dependencies'* | *'Building '* | *'Installing collected'* | *'Successfully installed'*) printf '  %.70s\n' "$line" >&2 ;; esac
    fi
  done
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
}

install_project() {
  local target=$ROOT
  if [[ $1 == dev ]]; then target="$ROOT[dev]"; fi
  say "プロジェクトを .venv に入れます (初回は約 30 秒、要ネットワーク) / installing ($1; about 30 s at first, needs the network)"
  "$VENV/bin/python" -m pip install --no-input --disable-pip-version-check --editable "$target" | show_progress ||
    die "インストールに失敗しました。理由は上のとおりです。ネットワークとプロキシを確かめ、もう一度実行してください。" \
      "The installation failed; the reason stands above. Check network and proxy, then run this again."
}

compile_protos() {
  say "protos/ が変わったので生成し直します / protos/ changed: compiling"
  "$VENV/bin/python" "$ROOT/scripts/build_protos.py" >/dev/null ||
    die "protos/ を生成できませんでした。上に示された行を直してください。" \
      "Could not compile protos/: correct the lines named above, then run this again."
}

fingerprint() { cat "$@" | cksum; } # cksum, because it is the one such tool that every POSIX system has

# set_up runtime|dev: afterwards $VENV holds what is asked for, and jukinet/v1 belongs to protos/.
set_up() {
  local want=$1 project protos had_extra='' had_root='' had_project='' had_protos=''
  project=$(fingerprint "$ROOT/pyproject.toml")
  protos=$(fingerprint "$ROOT/scripts/build_protos.py" "$ROOT"/protos/jukinet/v1/*.proto)
  if [[ -f $STAMP ]]; then
    { read -r had_extra && read -r had_root && read -r had_project && read -r had_protos; } <"$STAMP" || true
  fi
  # The scripts of a virtual environment hold absolute paths: one that was moved or copied is made anew.
  if ! is_new_enough "$VENV/bin/python" || [[ -n $had_root && $had_root != "$ROOT" ]]; then
    make_venv
    had_extra='' had_project=''
  fi
  if [[ $had_extra == dev ]]; then want=dev; fi # what was there once is kept current
  if [[ $had_project != "$project" || $had_extra != "$want" ]]; then
    rm -f "$STAMP"
    install_project "$want"
  elif [[ $had_protos != "$protos" || ! -f $ROOT/jukinet/v1/__init__.py ]]; then
    rm -f "$STAMP"
    if "$VENV/bin/python" -c 'import grpc_tools, mypy_protobuf' 2>/dev/null; then
      compile_protos
    else
      install_project "$want" # the generators live in the build environment only
    fi
  else
    return 0
  fi
  printf '%s\n' "$want" "$ROOT" "$project" "$protos" >"$STAMP"
}

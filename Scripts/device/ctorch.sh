# Compiles CTorch by hand and finds what runs with it, for machines without Swift; to be sourced.

# compile_ctorch SOURCES LIBTORCH OUTPUT: with $CXX, or else the first of g++ and clang++ that is there: with
# clang, packed convolutions call themselves without end in libtorch 2.11 and 2.12.
compile_ctorch() {
    local sources=$1 torch=$2 output=$3 compiler objects source
    local flags=(-std=c++20 -O2 -fPIC -fvisibility=hidden "-I$sources/include")
    local libraries=("-L$torch/lib" "-Wl,-rpath,$torch/lib" -ltorch_cpu -lc10)
    compiler=${CXX:-$(command -v g++ || command -v clang++)} || { echo "No C++ compiler is found: install g++ or clang++, or name one with CXX." >&2; return 1; }
    if [[ -e $torch/lib/libtorch_cuda.so ]]; then
        libraries+=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda -Wl,--as-needed)
        local headers=("$torch/../nvidia/cu13/include" "$torch/../nvidia/cuda_runtime/include" "${CUDA_HOME:-/usr/local/cuda}/include" "$torch/../triton/backends/nvidia/include") folder
        for folder in "${headers[@]}"; do
            if [[ -e $folder/cuda_runtime_api.h ]]; then
                flags+=(-DCTORCH_CUDA)
                break
            fi
        done
        for folder in "${headers[@]}"; do if [[ -d $folder ]]; then flags+=(-isystem "$folder"); fi; done
    fi
    flags+=(-isystem "$torch/include" -isystem "$torch/include/torch/csrc/api/include")
    objects=$(mktemp --directory)
    if printf '%s\0' "$sources"/*.cpp | xargs -0 -P "$(nproc)" -I{} bash -c '"$1" "${@:4}" -c "$2" -o "$3/$(basename "$2").o"' bash "$compiler" {} "$objects" "${flags[@]}"; then
        "$compiler" -shared -o "$output" "$objects"/*.o "${libraries[@]}" -Wl,-soname,libCTorch.so
        local status=$?
    else
        local status=1
    fi
    rm -rf "$objects"
    return $status
}

# find_program ROOT: sets root, python and program, and LD_LIBRARY_PATH to a CTorch that is compiled here and now, until the shell ends.
find_program() {
    root=$(cd "$1" && pwd) python=${PYTHON:-python3}
    local libraries= torch start=$SECONDS
    if [[ -x $root/fader ]]; then
        program=$root/fader libraries=$root/lib
    else
        program=$root/.build/release/fader
    fi
    [[ -x $program ]] || { echo "There is no program $program: run make build first." >&2; exit 2; }

    torch=${LIBTORCH:-$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2>/dev/null || true)}
    if [[ -z $torch && -e $root/.deps/libtorch ]]; then torch=$root/.deps/libtorch; fi
    [[ -n $torch ]] || { echo "No libtorch is found: $python has no torch, so name a libtorch with LIBTORCH." >&2; exit 2; }

    ctorch=$(mktemp --directory)
    trap 'rm -rf "$ctorch"' EXIT
    compile_ctorch "$root/Sources/CTorch/Sources/CTorch" "$torch" "$ctorch/libCTorch.so"
    echo "pass  CTorch compiles against the libtorch in $torch [$((SECONDS - start)) s]"
    export LD_LIBRARY_PATH=$ctorch:$torch/lib${libraries:+:$libraries}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
}

# Completes package-lock.json. A registry that lacks the packages of other platforms makes npm leave them out, and `npm ci` then refuses the file.
# Usage, after each `npm install` against such a registry: python3 .ci/complete-lock.py package-lock.json
import json, re, sys
path = sys.argv[1]
lock = json.load(open(path))
packages = lock["packages"]
OS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"]
CPU = {"arm64": "arm64", "arm": "arm", "x64": "x64", "ia32": "ia32", "ppc64": "ppc64", "riscv64": "riscv64", "s390x": "s390x", "loong64": "loong64"}
added = 0
for key, value in list(packages.items()):
    for name, version in (value.get("optionalDependencies") or {}).items():
        if any(at in packages for at in ("node_modules/" + name, key + "/node_modules/" + name)):
            continue
        tail = re.sub(r"^(resolver-)?binding-", "", name.split("/")[1]).split("-")
        entry = {"version": version, "cpu": [CPU[tail[1]]]}
        if value.get("dev"): entry["dev"] = True
        if tail[0] == "linux":
            entry["libc"] = ["musl" if "musl" in tail[-1] else "glibc"]
        entry["optional"] = True
        entry["os"] = [tail[0]]
        assert tail[0] in OS
        if value.get("engines"): entry["engines"] = value["engines"]
        packages["node_modules/" + name] = entry
        added += 1
lock["packages"] = {"": packages[""], **{k: packages[k] for k in sorted(k for k in packages if k)}}
json.dump(lock, open(path, "w"), indent=2, ensure_ascii=False); open(path, "a").write("\n")
print(added, "added")

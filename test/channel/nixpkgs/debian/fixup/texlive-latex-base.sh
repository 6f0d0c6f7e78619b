distribution=$out/share/texlive/texmf-dist
# What Debian keeps in /var is made when it installs the packages
generated=$out/var/lib/texmf
sed -i -e "s|^TEXMFROOT = .*|TEXMFROOT = $out/share/texlive|" -e "s|^TEXMFDEBIAN = .*|TEXMFDEBIAN = $out/share/texmf|" \
  -e "s|^TEXMFLOCAL = .*|TEXMFLOCAL = $out/share/texmf|" -e "s|^TEXMFSYSVAR = .*|TEXMFSYSVAR = $generated|" \
  -e "s|^TEXMFSYSCONFIG = .*|TEXMFSYSCONFIG = $out/etc/texmf|" "$distribution/web2c/texmf.cnf"
rm -f "$out"/share/texmf/web2c/fmtutil.cnf "$out"/share/texmf/web2c/updmap.cfg
mkdir -p "$generated/tex/generic/config" "$generated/web2c/pdftex" "$generated/fonts/map/pdftex/updmap"
printf '%s\n' 'english hyphen.tex' '=usenglish' '=USenglish' '=american' 'dumylang dumyhyph.tex' \
  'nohyphenation zerohyph.tex' > "$generated/tex/generic/config/language.dat"
find "$distribution/fonts/map/dvips" -name '*.map' -exec cat {} + |
  awk '!seen[$1]++' > "$generated/fonts/map/pdftex/updmap/pdftex.map"

ln -s bibtex.original "$out/bin/bibtex"

for program in "$out"/bin/*; do
  [ -f "$program" ] && [ ! -L "$program" ] && is_elf "$program" || continue
  wrap "${program##*/}" "TEXMFCNF=\${TEXMFCNF-$distribution/web2c}"
done

index() {
  (
    cd "$1"
    rm -f ls-R
    { echo '% ls-R -- filename database for kpathsea; do not change this line.' && ls -1RA .; } > "$TMPDIR/ls-R"
    mv "$TMPDIR/ls-R" ls-R
  )
}
index "$distribution"
index "$out/share/texmf"
index "$generated"
for format in latex pdflatex; do
  (
    cd "$generated/web2c/pdftex"
    HOME=$TMPDIR "$out/bin/pdftex" -ini -jobname=$format -progname=$format -translate-file=cp227.tcx -etex \
      "*$format.ini" > /dev/null
    rm -f "$format.log"
  )
done
index "$generated"

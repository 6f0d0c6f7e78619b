wrap perl "PERL5LIB=$(echo "$out"/lib/perl/5.* "$out"/share/perl/5.* "$out/lib/perl-base" | tr ' ' ':')\${PERL5LIB:+:\$PERL5LIB}"

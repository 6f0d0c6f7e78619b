libraries=$(echo "$out"/lib/perl/5.* "$out"/share/perl/5.* "$out/lib/perl-base" | tr ' ' ':')
wrap perl "PERL5LIB=$libraries\${PERL5LIB:+:\$PERL5LIB}"

A="plain"
export B='single $X'
C=a\ b # comment
D="-----BEGIN
KEY-----"
E=$'a\n'

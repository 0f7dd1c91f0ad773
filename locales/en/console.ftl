console-yes = yes
console-no = no

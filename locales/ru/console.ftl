console-yes = да
console-no = нет

# binary at 0x7c00
# A boot sector that relies on the firmware: it waits for three ticks of the timer, which the firmware counts at 0x46c,
# and calls the BIOS, which returns.
        .code16
        .globl  _start
_start: xor     %ax, %ax
        mov     %ax, %ds
        sti
1:      hlt
        cmpw    $3, 0x46c
        jb      1b
        int     $0x10
        mov     $0x10, %al
        out     %al, $0xf4
        hlt
        .org    510
        .word   0xaa55

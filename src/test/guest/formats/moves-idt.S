# elf64 at 0x100000
# At the symbol closed, IF=0 and line 4 has the handler first. Then it loads a table with the handler second, and opens.
        .include "line.inc"
        .globl  _start
_start: open_line 4
        mov     $idt, %esi                            # a copy, with another handler
        mov     $other, %edi
        mov     $(gate + 16 - idt), %ecx
        rep movsb
        mov     $second, %eax
        mov     %ax, other + (gate - idt)
        shr     $16, %eax
        mov     %ax, other + (gate - idt) + 6
closed: nop
        lidt    other_idtr(%rip)
idle:   sti
        hlt
        jmp     idle

handler:
first:  hlt

second: ends_interrupt

other_idtr:
        .short  0x24 * 16 + 15
        .quad   other
        tables  4
        .bss
other:  .skip   0x25 * 16

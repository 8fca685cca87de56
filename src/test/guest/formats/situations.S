# elf32 at 0x100000
# Multiboot, so that QEMU boots it as well. It opens line 11 and waits at idle, in the situation that the last letter of
# its command line names. It says when it is there: a byte at the debug console.
        .code32
        .set    DEBUG_CONSOLE, 0xe9
        .set    LAPIC, 0xfee00000
        .set    IOAPIC, 0xfec00000
        .set    VECTOR, 0x2b                          # of line 11
        .set    PIN, 20

        .balign 4
header: .long   0x1badb002, 0x3, -(0x1badb002 + 0x3)

# Writes 32 bits to a register of the IOAPIC. Destroys EAX.
        .macro  ioapic register, value
        movl    $\register, IOAPIC
        movl    $\value, IOAPIC + 0x10
        .endm

        .globl  _start
_start: mov     $stack_top, %esp
        mov     16(%ebx), %esi
1:      lodsb
        test    %al, %al
        jz      2f
        mov     %al, %cl                              # the last letter
        jmp     1b
2:      mov     $0x20, %edx
        mov     $0x20, %ah                            # vectors from 0x20
        mov     $0x04, %bl                            # the slave is at input 2
        mov     $~0x04, %bh
        call    start_pic
        mov     $0xa0, %edx
        mov     $0x28, %ah
        mov     $0x02, %bl
        mov     $~(1 << 3), %bh
        call    start_pic
        xor     %eax, %eax
        mov     $0x4d0, %dx
        out     %al, %dx                              # all lines are edges
        inc     %edx
        out     %al, %dx
        mov     $0x30, %al
        out     %al, $0x43                            # the timer has no count, so it does not tick
        movl    $0x1ff, LAPIC + 0xf0
        movl    $0x700, LAPIC + 0x350
        movl    $0, LAPIC + 0x80
        lgdt    gdtr
        ljmp    $8, $3f
3:      mov     $16, %eax
        mov     %eax, %ss
        mov     %eax, %ds
        mov     $handler, %eax
        mov     $idt, %edi
        mov     $256, %ebx
4:      mov     %ax, (%edi)                           # each vector has the same handler
        movw    $8, 2(%edi)
        movw    $0x8e00, 4(%edi)
        movw    $0x10, 6(%edi)
        add     $8, %edi
        dec     %ebx
        jnz     4b
        lidt    idtr
        ioapic  0x10+2*PIN, 0x50                  # pin 20 sends vector 0x50 to APIC ID 0
        ioapic  0x11+2*PIN, 0

        mov     $choices, %edi
5:      cmpb    $0, (%edi)
        je      idle
        cmp     (%edi), %cl
        je      6f
        add     $5, %edi
        jmp     5b
6:      jmp     *1(%edi)

        .macro  choice letter, target
        .byte   \letter
        .long   \target
        .endm
choices:
        choice  'a', mask_slave
        choice  'b', mask_cascade
        choice  'c', no_eoi
        choice  'd', mask_lint0
        choice  'e', disable_lapic
        choice  'f', raise_tpr
        choice  'g', asleep_closed
        choice  'h', shadow
        choice  'i', no_gate
        choice  'j', short_idt
        choice  'k', mask_pin
        choice  'l', remote_irr
        choice  'm', no_destination
        choice  'n', spin_closed
        choice  'o', stop_second
        choice  'p', idle
        choice  'q', level
        choice  'r', no_code
        choice  't', lapic_off
        choice  'x', x2apic
        .byte   0

mask_slave:
        mov     $0xff, %al
        out     %al, $0xa1
        jmp     idle
mask_cascade:
        mov     $0xff, %al
        out     %al, $0x21
        jmp     idle
no_eoi: mov     $~(1 << 0 | 1 << 2), %al
        out     %al, $0x21
        mov     $0x34, %al
        out     %al, $0x43
        mov     $0x9c, %al
        out     %al, $0x40
        mov     $0x2e, %al
        out     %al, $0x40
        sti
1:      hlt
        jmp     1b
mask_lint0:
        movl    $0x10700, LAPIC + 0x350
        jmp     idle
disable_lapic:
        movl    $0xff, LAPIC + 0xf0
        jmp     idle
raise_tpr:
        movl    $0xf0, LAPIC + 0x80
        jmp     idle
asleep_closed:
        call    report
        cli
closed: hlt
        jmp     closed
shadow: call    report
1:      cli
        sti
        nop
        jmp     1b
no_gate:
        movw    $0, idt + VECTOR * 8 + 4
        jmp     idle
short_idt:
        movw    $VECTOR * 8 - 1, idtr
        lidt    idtr
        jmp     idle
mask_pin:
        ioapic  0x10+2*PIN, 0x10050
        jmp     idle
remote_irr:                                           # a level of the timer, which is not taken
        cli
        ioapic  0x11, 0                               # the timer is at pin 0, or at pin 2
        ioapic  0x10, 0x8050
        ioapic  0x11+2*2, 0
        ioapic  0x10+2*2, 0x8050
        mov     $0x34, %al
        out     %al, $0x43
        mov     $0x9c, %al
        out     %al, $0x40
        mov     $0x2e, %al
        out     %al, $0x40
1:      testl   $1 << 16, LAPIC + 0x220               # IRR, vector 0x50
        jz      1b
        jmp     spin_closed
no_destination:
        ioapic  0x11+2*PIN, 5 << 24
        jmp     idle
spin_closed:
        call    report
        cli
spins:  jmp     spins
stop_second:                                          # INIT to all others
        movl    $0xc4500, LAPIC + 0x300
        jmp     idle
level:  mov     $1 << 3, %al
        mov     $0x4d1, %dx
        out     %al, %dx
        jmp     idle
no_code:
        movw    $0x100, idt + VECTOR * 8 + 2
        jmp     idle
lapic_off:
        mov     $0x1b, %ecx                           # IA32_APIC_BASE
        rdmsr
        and     $~(1 << 11), %eax
        wrmsr
        jmp     idle
x2apic: mov     $0x1b, %ecx
        rdmsr
        or      $1 << 10, %eax
        wrmsr
        jmp     idle

# Programs the 8259 at port DX: base AH, ICW3 BL, mask BH. Destroys AL and DX.
start_pic:
        mov     $0x11, %al
        out     %al, %dx
        inc     %edx
        mov     %ah, %al
        out     %al, %dx
        mov     %bl, %al
        out     %al, %dx
        mov     $0x01, %al
        out     %al, %dx
        mov     %bh, %al
        out     %al, %dx
        ret

report: mov     $'!', %al
        mov     $DEBUG_CONSOLE, %dx
        out     %al, %dx
        ret

handler:
        cmp     $'c', %cl
        jne     idle                                  # no return: some hosts cannot emulate that
        mov     $0x34, %al
        out     %al, $0x43                            # no count: it ticks no more

        .globl  idle
idle:   mov     $stack_top, %esp
        call    report
        sti
        nop
asleep: hlt
        jmp     asleep

        .balign 8
gdt:    .quad   0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdtr:   .short  gdtr - gdt - 1
        .long   gdt
idtr:   .short  256 * 8 - 1
        .long   idt
        .bss
        .balign 8
idt:    .skip   256 * 8
        .skip   4096
stack_top:

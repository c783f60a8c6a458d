import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import type { OrderStatus } from './order-status.js';

/**
 * Read by the queries of orders.ts; written by place-order.statement.ts,
 * project-status.handler.ts, cancel-order.handler.ts and tell-overdue.handler.ts alone.
 */
@Entity('orders')
export class Order {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid', name: 'customer_id' }) customerId!: string;
  @Column({ type: 'text' }) status!: OrderStatus;
  @Column({ type: 'integer' }) version!: number;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'bigint' }) total!: string;
  @Column({ type: 'text' }) currency!: string;
  @Column({ type: 'timestamptz', name: 'placed_at' }) placedAt!: Date;
  @Column({ type: 'timestamptz', name: 'cancel_requested_at', nullable: true })
  cancelRequestedAt!: Date | null;
  @OneToMany(() => OrderLine, (line) => line.order) lines!: Relation<OrderLine>[];
  @OneToMany(() => OrderStep, (step) => step.order) steps!: Relation<OrderStep>[];
}

@Entity('order_lines')
export class OrderLine {
  @PrimaryColumn({ type: 'uuid', name: 'order_id' }) orderId!: string;
  @PrimaryColumn({ type: 'integer', name: 'line_number' }) lineNumber!: number;
  @Column({ type: 'text' }) sku!: string;
  @Column({ type: 'integer' }) quantity!: number;
  @Column({ type: 'bigint', name: 'unit_price' }) unitPrice!: string;
  @ManyToOne(() => Order, (order) => order.lines)
  @JoinColumn({ name: 'order_id' })
  order!: Relation<Order>;
}

@Entity('order_history')
export class OrderStep {
  @PrimaryColumn({ type: 'uuid', name: 'order_id' }) orderId!: string;
  @PrimaryColumn({ type: 'integer' }) version!: number;
  @Column({ type: 'text' }) status!: OrderStatus;
  @Column({ type: 'timestamptz', name: 'occurred_at' }) occurredAt!: Date;
  @ManyToOne(() => Order, (order) => order.steps)
  @JoinColumn({ name: 'order_id' })
  order!: Relation<Order>;
}
